// Uses std::set without including it.
#include <iostream>

int main() {
    int n, card;
    std::cin >> n;
    std::set<int> inside;
    while (std::cin >> card) inside.insert(card);
    std::cout << inside.size() << '\n';
}
