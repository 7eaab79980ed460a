// Tries every walk that visits no square twice.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

int rows, columns, best = -1;
std::vector<std::string> yard;
std::vector<std::vector<int>> danger;
std::vector<std::vector<bool>> on_walk;

void walk(int row, int column, int worst) {
    if (row < 0 || row >= rows || column < 0 || column >= columns) return;
    if (yard[row][column] == '#' || on_walk[row][column]) return;
    worst = std::min(worst, danger[row][column]);
    if (worst <= best) return;
    if (yard[row][column] == 'F') {
        best = worst;
        return;
    }
    on_walk[row][column] = true;
    walk(row - 1, column, worst);
    walk(row + 1, column, worst);
    walk(row, column - 1, worst);
    walk(row, column + 1, worst);
    on_walk[row][column] = false;
}

int main() {
    std::cin >> rows >> columns;
    yard.resize(rows);
    for (auto& row : yard) std::cin >> row;
    danger.assign(rows, std::vector<int>(columns, rows + columns));
    on_walk.assign(rows, std::vector<bool>(columns));
    // Two sweeps find the distance to the nearest dog in a grid.
    for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
            if (yard[r][c] == 'D') danger[r][c] = 0;
            if (r > 0) danger[r][c] = std::min(danger[r][c], danger[r - 1][c] + 1);
            if (c > 0) danger[r][c] = std::min(danger[r][c], danger[r][c - 1] + 1);
        }
    }
    for (int r = rows - 1; r >= 0; r--) {
        for (int c = columns - 1; c >= 0; c--) {
            if (r + 1 < rows) danger[r][c] = std::min(danger[r][c], danger[r + 1][c] + 1);
            if (c + 1 < columns) danger[r][c] = std::min(danger[r][c], danger[r][c + 1] + 1);
        }
    }
    for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
            if (yard[r][c] == 'C') walk(r, c, rows + columns);
        }
    }
    std::cout << best << '\n';
}
