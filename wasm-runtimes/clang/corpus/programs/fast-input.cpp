#include <bits/stdc++.h>
using namespace std;

static int readInt() {
    int c = getchar_unlocked(), sign = 1, value = 0;
    while (c != '-' && (c < '0' || c > '9')) {
        if (c == EOF) return 0;
        c = getchar_unlocked();
    }
    if (c == '-') sign = -1, c = getchar_unlocked();
    for (; c >= '0' && c <= '9'; c = getchar_unlocked()) value = value * 10 + (c - '0');
    return sign * value;
}

int main() {
    int n = readInt();
    vector<int> values(n);
    for (int &value : values) value = readInt();
    sort(values.begin(), values.end());
    for (int value : values) {
        char text[12];
        int length = sprintf(text, "%d ", value);
        fwrite(text, 1, length, stdout);
    }
    putchar_unlocked('\n');
}
