// Tries every start and counts along. Groups 1 and 3: 35 points.
#include <algorithm>
#include <iostream>
#include <string>

int main() {
    int k, n;
    std::string word;
    std::cin >> k >> n >> word;
    int best = 0;
    for (int start = 0; start < n; start++) {
        int counts[5] = {};
        for (int end = start; end < n; end++) {
            counts[word[end] - 'a']++;
            bool fair = true;
            for (int colour = 1; colour < k; colour++) fair = fair && counts[colour] == counts[0];
            if (fair) best = std::max(best, end + 1 - start);
        }
    }
    std::cout << best << '\n';
}
