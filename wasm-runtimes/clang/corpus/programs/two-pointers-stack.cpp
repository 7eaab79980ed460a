#include <iostream>
#include <stack>
#include <string>
#include <vector>

int main() {
    int n;
    std::cin >> n;
    std::vector<int> heights(n);
    for (int i = 0; i < n; i++) std::cin >> heights[i];
    std::stack<int> open;
    long long largest = 0;
    for (int i = 0; i <= n; i++) {
        while (!open.empty() && (i == n || heights[open.top()] >= heights[i])) {
            long long height = heights[open.top()];
            open.pop();
            largest = std::max(largest, height * (open.empty() ? i : i - open.top() - 1));
        }
        open.push(i);
    }
    std::cout << largest << std::endl;
    std::string brackets;
    while (std::cin >> brackets) {
        std::stack<char> s;
        bool good = true;
        for (char c : brackets)
            if (c == '(' || c == '[') s.push(c);
            else if (s.empty() || s.top() != (c == ')' ? '(' : '[')) good = false;
            else s.pop();
        std::cout << (good && s.empty() ? "yes" : "no") << std::endl;
    }
}
