// Counts with a constant.
#include <iostream>
#include <string>

int main() {
    int k, n;
    std::string word;
    std::cin >> k >> n >> word;
    const int best = 0;
    for (char letter : word) {
        if (letter == 'a') best++;
    }
    std::cout << best << '\n';
}
