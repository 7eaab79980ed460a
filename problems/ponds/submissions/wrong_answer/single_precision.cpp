// The right idea in float: seven digits are not enough.
#include <cstdio>
#include <iostream>
#include <vector>

int main() {
    int n;
    float water;
    std::cin >> n >> water;
    std::vector<float> area(n), bottom(n);
    for (int i = 0; i < n; i++) std::cin >> area[i] >> bottom[i];
    float low = 0, high = 2e12f;
    for (int round = 0; round < 100; round++) {
        float middle = (low + high) / 2, held = 0;
        for (int i = 0; i < n; i++) {
            if (bottom[i] < middle) held += area[i] * (middle - bottom[i]);
        }
        (held < water ? low : high) = middle;
    }
    std::printf("%.9f\n", high);
}
