#include <bits/stdc++.h>
using namespace std;

int main() {
    string s;
    getline(cin, s);
    int n = s.size();
    vector<int> order(n), rank(n), next(n), lcp(n);
    iota(order.begin(), order.end(), 0);
    for (int i = 0; i < n; ++i) rank[i] = s[i];
    for (int k = 1;; k *= 2) {
        auto key = [&](int i) { return make_pair(rank[i], i + k < n ? rank[i + k] : -1); };
        sort(order.begin(), order.end(), [&](int a, int b) { return key(a) < key(b); });
        next[order[0]] = 0;
        for (int i = 1; i < n; ++i) next[order[i]] = next[order[i - 1]] + (key(order[i - 1]) < key(order[i]));
        rank = next;
        if (rank[order[n - 1]] == n - 1) break;
    }
    for (int i = 0, h = 0; i < n; ++i) {
        if (rank[i] == 0) {
            h = 0;
            continue;
        }
        int j = order[rank[i] - 1];
        while (i + h < n && j + h < n && s[i + h] == s[j + h]) ++h;
        lcp[rank[i]] = h;
        if (h) --h;
    }
    for (int i = 0; i < n; ++i) cout << setw(3) << order[i] << setw(3) << lcp[i] << ' ' << s.substr(order[i]) << '\n';
}
