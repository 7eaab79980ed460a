#include <bits/stdc++.h>
using namespace std;

int main() {
    ios::sync_with_stdio(0);
    int n, q;
    cin >> n >> q;
    vector<int> a(n), count(1001), answer(q);
    for (int &x : a) cin >> x;
    struct Query { int l, r, id; };
    vector<Query> queries;
    for (int i = 0; i < q; ++i) {
        int l, r;
        cin >> l >> r;
        queries.push_back({l - 1, r, i});
    }
    const int block = max(1, (int)sqrt(n));
    sort(queries.begin(), queries.end(), [&](const Query &a, const Query &b) {
        int x = a.l / block, y = b.l / block;
        return x != y ? x < y : (x & 1 ? a.r > b.r : a.r < b.r);
    });
    int l = 0, r = 0, distinct = 0;
    auto add = [&](int i) { distinct += count[a[i]]++ == 0; };
    auto drop = [&](int i) { distinct -= --count[a[i]] == 0; };
    for (auto [from, to, id] : queries) {
        while (l > from) add(--l);
        while (r < to) add(r++);
        while (l < from) drop(l++);
        while (r > to) drop(--r);
        answer[id] = distinct;
    }
    for (int x : answer) cout << x << '\n';
}
