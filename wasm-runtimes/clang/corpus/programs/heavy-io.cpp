#include <bits/stdc++.h>
using namespace std;

// What most solutions do with most of their time: many numbers in, many out.
int main() {
    int n;
    cin >> n;
    stringstream made;
    unsigned x = 1;
    for (int i = 0; i < n; ++i) {
        x = x * 1664525u + 1013904223u;
        made << (int)x << (i % 7 ? ' ' : '\n');
    }
    vector<int> values;
    for (int value; made >> value;) values.push_back(value);
    sort(values.begin(), values.end());
    long long sum = 0;
    for (int i = 0; i < (int)values.size(); ++i) sum += 1LL * values[i] * (i % 3 - 1);
    cout << values.size() << ' ' << sum << '\n';
    for (int i = 0; i < n; i += max(1, n / 500)) cout << values[i] << ' ';
    cout << '\n';
}
