// Cheapest ways from the first town to all others, and how many towns each distance has: sixty lines as people write them.
#include <bits/stdc++.h>
using namespace std;

using Cost = long long;
const Cost FAR = numeric_limits<Cost>::max();

struct Road {
    int to;
    Cost cost;
};

struct Arrival {
    Cost cost;
    int town;
    bool operator>(const Arrival &other) const { return cost > other.cost; }
};

vector<Cost> cheapest(const vector<vector<Road>> &roads, int start) {
    vector<Cost> best(roads.size(), FAR);
    priority_queue<Arrival, vector<Arrival>, greater<Arrival>> waiting;
    best[start] = 0;
    waiting.push({0, start});
    while (!waiting.empty()) {
        auto [cost, town] = waiting.top();
        waiting.pop();
        if (cost > best[town]) continue;
        for (const Road &road : roads[town]) {
            Cost next = cost + road.cost;
            if (next < best[road.to]) {
                best[road.to] = next;
                waiting.push({next, road.to});
            }
        }
    }
    return best;
}

int main() {
    ios::sync_with_stdio(false);
    cin.tie(nullptr);
    int towns, count;
    cin >> towns >> count;
    vector<vector<Road>> roads(towns);
    map<string, int> names;
    auto number = [&](const string &name) { return names.try_emplace(name, names.size()).first->second; };
    for (int i = 0; i < count; i++) {
        string from, to;
        Cost cost;
        cin >> from >> to >> cost;
        int a = number(from), b = number(to);
        roads[a].push_back({b, cost});
        roads[b].push_back({a, cost});
    }
    auto best = cheapest(roads, 0);
    map<Cost, int> byCost;
    for (Cost cost : best)
        if (cost != FAR) byCost[cost]++;
    for (const auto &[cost, many] : byCost) cout << cost << ": " << many << '\n';
    return 0;
}
