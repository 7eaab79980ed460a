// Remembers altitudes so as not to waste a flight, and then bisects without end: with two poles left the
// middle is the lower one, and low = middle changes nothing.
#include <iostream>
#include <map>

std::map<int, long long> known;

long long altitude(int pole) {
    auto found = known.find(pole);
    if (found != known.end()) return found->second;
    std::cout << "? " << pole << std::endl;
    std::cin >> known[pole];
    return known[pole];
}

int main() {
    int n;
    std::cin >> n;
    int low = 1, high = n;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (altitude(middle) < altitude(middle + 1)) {
            low = middle;
        } else {
            high = middle;
        }
    }
    std::cout << "! " << low << std::endl;
}
