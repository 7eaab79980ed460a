// Counts n numbers by a hash table, and sorts what was counted by how often it came.
#include <bits/stdc++.h>
using namespace std;

int main() {
    int n;
    cin >> n;
    unsigned state = 12345;
    unordered_map<unsigned, unsigned> counts;
    for (int i = 0; i < n; i++) {
        state = state * 1664525u + 1013904223u;
        counts[(state >> 8) % 500000u + 1]++;
    }
    vector<pair<unsigned, unsigned>> entries(counts.begin(), counts.end());
    sort(entries.begin(), entries.end(), [](const auto &a, const auto &b) {
        return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    unsigned check = 0;
    for (const auto &[key, count] : entries) check = check * 31 + key;
    cout << entries.size() << ' ' << check << '\n';
}
