#include <iostream>

int main() {
    long long breads, places;
    std::cin >> breads >> places;
    long long trays = (breads + places - 1) / places;
    std::cout << trays << ' ' << trays * places - breads << '\n';
}
