#include <bits/stdc++.h>
using namespace std;
using i128 = __int128;

ostream &operator<<(ostream &out, i128 x) {
    if (x < 0) return out << '-' << -x;
    if (x > 9) out << x / 10;
    return out << char('0' + int(x % 10));
}

uint64_t power(uint64_t base, uint64_t exponent, uint64_t mod) {
    uint64_t result = 1;
    for (base %= mod; exponent; exponent >>= 1, base = (unsigned __int128)base * base % mod)
        if (exponent & 1) result = (unsigned __int128)result * base % mod;
    return result;
}

bool isPrime(uint64_t n) {
    if (n < 2) return false;
    for (uint64_t p : {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37})
        if (n % p == 0) return n == p;
    uint64_t d = n - 1;
    int s = __builtin_ctzll(d);
    d >>= s;
    for (uint64_t a : {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37}) {
        uint64_t x = power(a, d, n);
        if (x == 1 || x == n - 1) continue;
        bool composite = true;
        for (int r = 1; r < s && composite; ++r) composite = (x = (unsigned __int128)x * x % n) != n - 1;
        if (composite) return false;
    }
    return true;
}

int main() {
    i128 factorial = 1;
    for (int i = 1; i <= 33; ++i) factorial *= i;
    cout << factorial << ' ' << -factorial / 7 << ' ' << (factorial >> 64) << '\n';
    uint64_t n;
    while (cin >> n) cout << n << (isPrime(n) ? " prime" : " composite") << '\n';
    cout << sizeof(i128) << ' ' << (i128)LLONG_MAX * LLONG_MAX << '\n';
}
