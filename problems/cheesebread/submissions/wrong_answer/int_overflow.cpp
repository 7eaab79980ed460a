// 32-bit integers: right for a kitchen, wrong for a factory.
#include <iostream>

int main() {
    int breads = 1, places = 1;
    std::cin >> breads >> places;
    int trays = breads / places + (breads % places != 0);
    std::cout << trays << ' ' << (places - breads % places) % places << '\n';
}
