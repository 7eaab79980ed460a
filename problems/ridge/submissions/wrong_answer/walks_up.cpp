// Flies from pole to pole as long as the track climbs.
#include <iostream>

long long altitude(int pole) {
    std::cout << "? " << pole << std::endl;
    long long answer = 0;
    std::cin >> answer;
    return answer;
}

int main() {
    int n;
    std::cin >> n;
    int pole = 1;
    long long here = altitude(1);
    while (pole < n && std::cin) {
        long long next = altitude(pole + 1);
        if (next < here) break;
        here = next;
        pole++;
    }
    std::cout << "! " << pole << std::endl;
}
