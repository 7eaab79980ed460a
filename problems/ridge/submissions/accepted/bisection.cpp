#include <iostream>

long long altitude(int pole) {
    std::cout << "? " << pole << std::endl;
    long long answer;
    std::cin >> answer;
    return answer;
}

int main() {
    int n;
    std::cin >> n;
    int low = 1, high = n;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (altitude(middle) < altitude(middle + 1)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    std::cout << "! " << low << std::endl;
}
