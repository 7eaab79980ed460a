#include <bits/stdc++.h>
using namespace std;

int main() {
    ios::sync_with_stdio(false);
    cin.tie(nullptr);
    int n, q;
    cin >> n >> q;
    vector<vector<int>> edges(n);
    for (int i = 1; i < n; ++i) {
        int a, b;
        cin >> a >> b;
        edges[--a].push_back(--b);
        edges[b].push_back(a);
    }
    const int LOG = 17;
    vector<array<int, LOG>> up(n);
    vector<int> depth(n), order{0};
    up[0].fill(0);
    for (int i = 0; i < (int)order.size(); ++i) {
        int at = order[i];
        for (int k = 1; k < LOG; ++k) up[at][k] = up[up[at][k - 1]][k - 1];
        for (int to : edges[at])
            if (to != up[at][0]) up[to][0] = at, depth[to] = depth[at] + 1, order.push_back(to);
    }
    vector<array<int, 2>> independent(n, {0, 1});
    for (int i = n - 1; i > 0; --i) {
        int at = order[i], parent = up[at][0];
        independent[parent][0] += max(independent[at][0], independent[at][1]);
        independent[parent][1] += independent[at][0];
    }
    cout << max(independent[0][0], independent[0][1]) << '\n';
    while (q--) {
        int a, b;
        cin >> a >> b;
        --a, --b;
        int x = a, y = b;
        if (depth[x] < depth[y]) swap(x, y);
        for (int k = LOG; k--;)
            if (depth[x] - (1 << k) >= depth[y]) x = up[x][k];
        for (int k = LOG; k--;)
            if (up[x][k] != up[y][k]) x = up[x][k], y = up[y][k];
        int lca = x == y ? x : up[x][0];
        cout << lca + 1 << ' ' << depth[a] + depth[b] - 2 * depth[lca] << '\n';
    }
}
