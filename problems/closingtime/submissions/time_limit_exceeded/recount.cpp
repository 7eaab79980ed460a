// After every beep, counts the beeps of every card from the beginning of the day.
#include <algorithm>
#include <iostream>
#include <map>
#include <vector>

int main() {
    int n;
    std::cin >> n;
    std::vector<int> beeps;
    std::vector<int> inside;
    std::size_t peak = 0;
    while (n-- > 0) {
        int card;
        std::cin >> card;
        beeps.push_back(card);
        std::map<int, int> times;
        for (int heard : beeps) times[heard]++;
        inside.clear();
        for (auto [owner, count] : times) {
            if (count % 2 == 1) inside.push_back(owner);
        }
        peak = std::max(peak, inside.size());
    }
    std::cout << peak << ' ' << inside.size() << '\n';
    for (int card : inside) std::cout << card << ' ';
    std::cout << '\n';
}
