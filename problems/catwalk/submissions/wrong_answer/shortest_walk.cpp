// Takes a shortest walk, however near it leads past the dogs.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <queue>
#include <string>
#include <utility>
#include <vector>

int main() {
    int rows, columns;
    std::cin >> rows >> columns;
    std::vector<std::string> yard(rows);
    for (auto& row : yard) std::cin >> row;
    const std::pair<int, int> steps[] = {{-1, 0}, {1, 0}, {0, -1}, {0, 1}};
    using Square = std::pair<int, int>;
    auto search = [&](const std::vector<Square>& starts, bool through_walls, std::vector<std::vector<Square>>& from) {
        std::vector<std::vector<int>> far(rows, std::vector<int>(columns, -1));
        std::queue<Square> queue;
        for (auto [row, column] : starts) {
            far[row][column] = 0;
            queue.push({row, column});
        }
        while (!queue.empty()) {
            auto [row, column] = queue.front();
            queue.pop();
            for (auto [down, right] : steps) {
                int r = row + down, c = column + right;
                if (r < 0 || r >= rows || c < 0 || c >= columns || far[r][c] >= 0) continue;
                if (yard[r][c] == '#' && !through_walls) continue;
                far[r][c] = far[row][column] + 1;
                from[r][c] = {row, column};
                queue.push({r, c});
            }
        }
        return far;
    };
    std::vector<Square> dogs;
    Square cat, fish;
    for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
            if (yard[row][column] == 'D') dogs.push_back({row, column});
            if (yard[row][column] == 'C') cat = {row, column};
            if (yard[row][column] == 'F') fish = {row, column};
        }
    }
    std::vector<std::vector<Square>> from(rows, std::vector<Square>(columns));
    auto danger = search(dogs, true, from);
    auto walk = search({cat}, false, from);
    if (walk[fish.first][fish.second] < 0) {
        std::cout << -1 << '\n';
        return 0;
    }
    int worst = danger[cat.first][cat.second];
    for (Square at = fish; at != cat; at = from[at.first][at.second]) worst = std::min(worst, danger[at.first][at.second]);
    std::cout << worst << '\n';
}
