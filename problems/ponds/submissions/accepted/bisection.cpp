#include <cstdio>
#include <iostream>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    int n;
    double water;
    std::cin >> n >> water;
    std::vector<double> area(n), bottom(n);
    for (int i = 0; i < n; i++) std::cin >> area[i] >> bottom[i];
    double low = 0, high = 2e12;
    for (int round = 0; round < 100; round++) {
        double middle = (low + high) / 2, held = 0;
        for (int i = 0; i < n; i++) {
            if (bottom[i] < middle) held += area[i] * (middle - bottom[i]);
        }
        (held < water ? low : high) = middle;
    }
    std::printf("%.9f\n", high);
}
