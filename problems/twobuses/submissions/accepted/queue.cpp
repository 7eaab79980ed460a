#include <iostream>
#include <queue>
#include <string>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    int n, m;
    std::cin >> n >> m;
    std::vector<std::vector<int>> enemies(n);
    while (m-- > 0) {
        int one, other;
        std::cin >> one >> other;
        enemies[one - 1].push_back(other - 1);
        enemies[other - 1].push_back(one - 1);
    }
    std::string bus(n, 'A');
    std::queue<int> to_look_at;
    for (int student = 0; student < n; student++) to_look_at.push(student);
    while (!to_look_at.empty()) {
        int student = to_look_at.front();
        to_look_at.pop();
        int together = 0;
        for (int enemy : enemies[student]) together += bus[enemy] == bus[student];
        if (together < 2) continue;
        bus[student] = bus[student] == 'A' ? 'B' : 'A';
        for (int enemy : enemies[student]) to_look_at.push(enemy);
    }
    std::cout << bus << '\n';
}
