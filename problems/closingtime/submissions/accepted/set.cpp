#include <algorithm>
#include <iostream>
#include <set>

int main() {
    std::ios::sync_with_stdio(false);
    int n;
    std::cin >> n;
    std::set<int> inside;
    std::size_t peak = 0;
    while (n-- > 0) {
        int card;
        std::cin >> card;
        if (inside.erase(card) == 0) inside.insert(card);
        peak = std::max(peak, inside.size());
    }
    std::cout << peak << ' ' << inside.size() << '\n';
    const char* separator = "";
    for (int card : inside) {
        std::cout << separator << card;
        separator = " ";
    }
    std::cout << '\n';
}
