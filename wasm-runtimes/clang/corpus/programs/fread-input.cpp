#include <bits/stdc++.h>
using namespace std;

static char buffer[1 << 16];

int main() {
    size_t length = fread(buffer, 1, sizeof buffer, stdin), at = 0;
    auto next = [&] {
        while (at < length && !isdigit(buffer[at])) ++at;
        unsigned value = 0;
        while (at < length && isdigit(buffer[at])) value = value * 10 + (buffer[at++] - '0');
        return value;
    };
    unsigned n = next(), x = 0;
    for (unsigned i = 0; i < n; ++i) x ^= next() * (i + 1);
    printf("%u %u\n", n, x);
}
