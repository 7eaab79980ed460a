// Pours the water in litre by litre.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <utility>
#include <vector>

int main() {
    int n;
    long long water;
    std::cin >> n >> water;
    std::vector<std::pair<int, int>> ponds(n);
    for (auto& [bottom, area] : ponds) std::cin >> area >> bottom;
    std::sort(ponds.begin(), ponds.end());
    long long height = ponds[0].first, area = 0, above = 0;  // the surface is at height + above / area
    std::size_t next = 0;
    for (long long litre = 0; litre <= water; litre++) {
        while (next < ponds.size() && ponds[next].first <= height) area += ponds[next++].second;
        if (litre == water) break;
        if (++above == area) {
            above = 0;
            height++;
        }
    }
    std::printf("%.9f\n", height + (double)above / area);
}
