#include <algorithm>
#include <array>
#include <iostream>
#include <map>
#include <string>

int main() {
    int k, n;
    std::string word;
    std::cin >> k >> n >> word;
    std::array<int, 5> leads{};
    std::map<std::array<int, 5>, int> first_place{{leads, 0}};
    int best = 0;
    for (int i = 0; i < n; i++) {
        int colour = word[i] - 'a';
        if (colour < k - 1) {
            leads[colour]++;
        } else {
            for (int other = 0; other < k - 1; other++) leads[other]--;
        }
        auto [found, added] = first_place.insert({leads, i + 1});
        if (!added) best = std::max(best, i + 1 - found->second);
    }
    std::cout << best << '\n';
}
