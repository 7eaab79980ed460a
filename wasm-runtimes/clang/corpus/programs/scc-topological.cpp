#include <bits/stdc++.h>
using namespace std;

int n, m, timer_, components;
vector<int> adjacent[1000];
int entered[1000], low[1000], component[1000];
stack<int> path;

void tarjan(int at) {
    entered[at] = low[at] = ++timer_;
    path.push(at);
    for (int to : adjacent[at])
        if (!entered[to]) tarjan(to), low[at] = min(low[at], low[to]);
        else if (!component[to]) low[at] = min(low[at], entered[to]);
    if (low[at] != entered[at]) return;
    ++components;
    for (int v = -1; v != at;) component[v = path.top()] = components, path.pop();
}

signed main() {
    scanf("%d%d", &n, &m);
    for (int a, b; m--;) scanf("%d%d", &a, &b), adjacent[a].push_back(b);
    for (int i = 1; i <= n; ++i)
        if (!entered[i]) tarjan(i);
    printf("%d\n", components);
    for (int i = 1; i <= n; ++i) printf("%d%c", components - component[i] + 1, " \n"[i == n]);
    set<pair<int, int>> edges;
    for (int i = 1; i <= n; ++i)
        for (int to : adjacent[i])
            if (component[i] != component[to]) edges.insert({components - component[i] + 1, components - component[to] + 1});
    for (auto &e : edges) printf("%d->%d ", e.first, e.second);
    puts("");
}
