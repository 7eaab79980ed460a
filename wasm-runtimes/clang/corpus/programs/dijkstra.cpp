#include <bits/stdc++.h>
using namespace std;
using ll = long long;

int main() {
    ios_base::sync_with_stdio(false);
    cin.tie(NULL);
    int n, m;
    cin >> n >> m;
    vector<vector<pair<int, ll>>> edges(n + 1);
    for (int i = 0; i < m; i++) {
        int a, b;
        ll w;
        cin >> a >> b >> w;
        edges[a].emplace_back(b, w);
        edges[b].push_back({a, w});
    }
    const ll INF = LLONG_MAX / 4;
    vector<ll> distance(n + 1, INF);
    vector<int> before(n + 1);
    priority_queue<pair<ll, int>, vector<pair<ll, int>>, greater<>> queue;
    queue.push({distance[1] = 0, 1});
    while (!queue.empty()) {
        auto [d, at] = queue.top();
        queue.pop();
        if (d != distance[at]) continue;
        for (auto [to, w] : edges[at])
            if (d + w < distance[to]) {
                distance[to] = d + w;
                before[to] = at;
                queue.emplace(distance[to], to);
            }
    }
    for (int i = 1; i <= n; ++i) cout << (distance[i] == INF ? -1 : distance[i]) << " \n"[i == n];
    vector<int> path;
    for (int at = 5; at; at = before[at]) path.push_back(at);
    reverse(path.begin(), path.end());
    copy(path.begin(), path.end(), ostream_iterator<int>(cout, " "));
    cout << endl;
}
