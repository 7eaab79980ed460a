// Alternates along the quarrels, as if there were no odd rings.
#include <iostream>
#include <string>
#include <vector>

int main() {
    int n, m;
    std::cin >> n >> m;
    std::vector<std::vector<int>> enemies(n);
    while (m-- > 0) {
        int one, other;
        std::cin >> one >> other;
        enemies[one - 1].push_back(other - 1);
        enemies[other - 1].push_back(one - 1);
    }
    std::string bus(n, '?');
    for (int start = 0; start < n; start++) {
        if (bus[start] != '?') continue;
        bus[start] = 'A';
        std::vector<int> reached{start};
        while (!reached.empty()) {
            int student = reached.back();
            reached.pop_back();
            for (int enemy : enemies[student]) {
                if (bus[enemy] != '?') continue;
                bus[enemy] = bus[student] == 'A' ? 'B' : 'A';
                reached.push_back(enemy);
            }
        }
    }
    std::cout << bus << '\n';
}
