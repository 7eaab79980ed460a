#include <bits/stdc++.h>
using namespace std;

struct Cell {
    int row, column;
    bool operator==(const Cell &) const = default;
};
struct CellHash {
    size_t operator()(const Cell &cell) const {
        uint64_t x = (uint64_t)(uint32_t)cell.row << 32 | (uint32_t)cell.column;
        x ^= x >> 30, x *= 0xbf58476d1ce4e5b9ULL, x ^= x >> 27, x *= 0x94d049bb133111ebULL, x ^= x >> 31;
        return x;
    }
};
template <> struct std::hash<pair<int, int>> {
    size_t operator()(const pair<int, int> &p) const { return p.first * 31u + p.second; }
};

int main() {
    unordered_map<Cell, int, CellHash> seen;
    int rows, columns;
    cin >> rows >> columns;
    vector<string> grid(rows);
    for (auto &row : grid) cin >> row;
    queue<Cell> todo;
    todo.push({0, 0});
    seen[{0, 0}] = 0;
    while (!todo.empty()) {
        Cell at = todo.front();
        todo.pop();
        for (auto [dr, dc] : {pair{0, 1}, {1, 0}, {0, -1}, {-1, 0}}) {
            Cell to{at.row + dr, at.column + dc};
            if (to.row < 0 || to.column < 0 || to.row >= rows || to.column >= columns || grid[to.row][to.column] == '#') continue;
            if (seen.emplace(to, seen[at] + 1).second) todo.push(to);
        }
    }
    auto end = seen.find({rows - 1, columns - 1});
    cout << (end == seen.end() ? -1 : end->second) << ' ' << seen.size() << '\n';
    unordered_set<pair<int, int>> pairs{{1, 2}, {2, 1}, {1, 2}};
    cout << pairs.size() << endl;
}
