#include <bits/stdc++.h>
using namespace std;

vector<vector<int>> edges;
vector<int> parents, sizes, low, order;
int bridges, timer_;

void bridge(int at, int parent) {
    order[at] = low[at] = ++timer_;
    sizes[at] = 1;
    parents[at] = parent;
    for (int to : edges[at]) {
        if (to == parent) continue;
        if (order[to]) {
            low[at] = min(low[at], order[to]);
            continue;
        }
        bridge(to, at);
        sizes[at] += sizes[to];
        low[at] = min(low[at], low[to]);
        bridges += low[to] > order[at];
    }
}

int root(vector<int> &above, int at) { return above[at] == at ? at : above[at] = root(above, above[at]); }

int main() {
    int n;
    cin >> n;
    edges.resize(n);
    parents.resize(n);
    sizes.resize(n);
    low.resize(n);
    order.resize(n);
    for (int i = 1; i < n; ++i) {
        edges[i - 1].push_back(i);
        edges[i].push_back(i - 1);
    }
    // A cycle over the last half.
    edges[n / 2].push_back(n - 1);
    edges[n - 1].push_back(n / 2);
    bridge(0, -1);
    cout << bridges << ' ' << sizes[0] << ' ' << sizes[n / 2] << '\n';

    vector<int> above(n);
    for (int i = 0; i < n; ++i) above[i] = max(0, i - 1);
    cout << root(above, n - 1) << ' ' << *max_element(above.begin(), above.end()) << '\n';

    vector<int> memo(n + 1, -1);
    function<int(int)> ways = [&](int left) -> int {
        if (left <= 1) return 1;
        int &known = memo[left];
        if (known < 0) known = (ways(left - 1) + ways(left - 2)) % 1'000'007;
        return known;
    };
    cout << ways(n / 4) << '\n';
}
