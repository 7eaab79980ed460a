#include <bits/stdc++.h>
using namespace std;

struct Dinic {
    struct Edge { int to; long long room; };
    vector<Edge> edges;
    vector<vector<int>> of;
    vector<int> level, next;
    explicit Dinic(int n) : of(n), level(n), next(n) {}
    void connect(int a, int b, long long room) {
        of[a].push_back(edges.size()), edges.push_back({b, room});
        of[b].push_back(edges.size()), edges.push_back({a, 0});
    }
    bool reach(int from, int to) {
        fill(level.begin(), level.end(), -1);
        level[from] = 0;
        deque<int> queue{from};
        while (!queue.empty()) {
            int at = queue.front();
            queue.pop_front();
            for (int e : of[at])
                if (edges[e].room > 0 && level[edges[e].to] < 0) level[edges[e].to] = level[at] + 1, queue.push_back(edges[e].to);
        }
        return level[to] >= 0;
    }
    long long push(int at, int to, long long amount) {
        if (at == to || !amount) return amount;
        for (int &i = next[at]; i < (int)of[at].size(); ++i) {
            auto &[b, room] = edges[of[at][i]];
            if (level[b] != level[at] + 1) continue;
            if (long long pushed = push(b, to, min(amount, room))) {
                room -= pushed;
                edges[of[at][i] ^ 1].room += pushed;
                return pushed;
            }
        }
        return 0;
    }
    long long flow(int from, int to) {
        long long total = 0;
        while (reach(from, to)) {
            fill(next.begin(), next.end(), 0);
            while (long long pushed = push(from, to, numeric_limits<long long>::max())) total += pushed;
        }
        return total;
    }
};

int main() {
    int n, m;
    cin >> n >> m;
    Dinic dinic(n + 1);
    for (int a, b, c; m-- && cin >> a >> b >> c;) dinic.connect(a, b, c);
    cout << dinic.flow(1, n) << endl;
}
