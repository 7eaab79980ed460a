#include <iostream>
#include <queue>
#include <string>
#include <vector>

int rows, columns;
std::vector<std::string> yard;
std::vector<int> distance_to_dog;

template <typename Visit>
void for_neighbours(int square, Visit visit) {
    if (square >= columns) visit(square - columns);
    if (square + columns < rows * columns) visit(square + columns);
    if (square % columns > 0) visit(square - 1);
    if (square % columns + 1 < columns) visit(square + 1);
}

char at(int square) { return yard[square / columns][square % columns]; }

bool reachable(int cat, int fish, int d) {
    auto open = [&](int square) { return at(square) != '#' && distance_to_dog[square] >= d; };
    if (!open(cat)) return false;
    std::vector<bool> seen(rows * columns);
    std::queue<int> queue({cat});
    seen[cat] = true;
    while (!queue.empty()) {
        int square = queue.front();
        queue.pop();
        for_neighbours(square, [&](int next) {
            if (seen[next] || !open(next)) return;
            seen[next] = true;
            queue.push(next);
        });
    }
    return seen[fish];
}

int main() {
    std::cin >> rows >> columns;
    yard.resize(rows);
    for (auto& row : yard) std::cin >> row;

    distance_to_dog.assign(rows * columns, -1);
    std::queue<int> queue;
    int cat = 0, fish = 0;
    for (int square = 0; square < rows * columns; square++) {
        if (at(square) == 'C') cat = square;
        if (at(square) == 'F') fish = square;
        if (at(square) != 'D') continue;
        distance_to_dog[square] = 0;
        queue.push(square);
    }
    while (!queue.empty()) {
        int square = queue.front();
        queue.pop();
        for_neighbours(square, [&](int next) {
            if (distance_to_dog[next] != -1) return;
            distance_to_dog[next] = distance_to_dog[square] + 1;
            queue.push(next);
        });
    }

    int low = -1, high = rows + columns;  // low can be kept, high cannot
    while (high - low > 1) {
        int middle = (low + high) / 2;
        (reachable(cat, fish, middle) ? low : high) = middle;
    }
    std::cout << low << '\n';
}
