#include <bits/stdc++.h>
using namespace std;

vector<int> parent;
int find(int x) { return parent[x] < 0 ? x : parent[x] = find(parent[x]); }
bool unite(int a, int b) {
    a = find(a), b = find(b);
    if (a == b) return false;
    if (parent[a] > parent[b]) swap(a, b);
    parent[a] += parent[b];
    parent[b] = a;
    return true;
}

int main() {
    int n, m;
    cin >> n >> m;
    parent.assign(n + 1, -1);
    vector<tuple<int, int, int>> edges(m);
    for (auto &[w, a, b] : edges) cin >> a >> b >> w;
    sort(edges.begin(), edges.end());
    long long total = 0;
    int used = 0;
    for (auto [w, a, b] : edges)
        if (unite(a, b)) total += w, ++used;
    if (used == n - 1) cout << total << '\n';
    else cout << "IMPOSSIBLE\n";
}
