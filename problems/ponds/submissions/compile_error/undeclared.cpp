// The loop's variable is used after the loop.
#include <iostream>

int main() {
    int n;
    double water, area, bottom, total = 0;
    std::cin >> n >> water;
    for (int i = 0; i < n; i++) {
        std::cin >> area >> bottom;
        total += area;
    }
    std::cout << water / total + i << '\n';
}
