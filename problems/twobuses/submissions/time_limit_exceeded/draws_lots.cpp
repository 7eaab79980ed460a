// Draws lots until everybody is content.
#include <iostream>
#include <random>
#include <string>
#include <utility>
#include <vector>

int main() {
    int n, m;
    std::cin >> n >> m;
    std::vector<std::pair<int, int>> pairs(m);
    for (auto& [one, other] : pairs) std::cin >> one >> other;
    std::mt19937 random(2024);
    for (;;) {
        std::string bus(n, 'A');
        for (char& letter : bus) letter = random() % 2 == 0 ? 'A' : 'B';
        std::vector<int> together(n);
        for (auto [one, other] : pairs) {
            if (bus[one - 1] != bus[other - 1]) continue;
            together[one - 1]++;
            together[other - 1]++;
        }
        bool content = true;
        for (int count : together) content = content && count <= 1;
        if (!content) continue;
        std::cout << bus << '\n';
        return 0;
    }
}
