#include <bits/stdc++.h>
using namespace std;

int main() {
    unsigned n;
    while (cin >> n) {
        cout << n << ": " << popcount(n) << ' ' << countl_zero(n) << ' ' << countr_zero(n) << ' ' << bit_width(n) << ' ' << bit_ceil(n % 100000) << ' '
             << bit_floor(n) << ' ' << has_single_bit(n) << ' ' << rotl(n, 5) << ' ' << rotr(n, 3) << '\n';
        if (n) cout << __builtin_popcount(n) << __builtin_clz(n) << __builtin_ctz(n) << __builtin_parity(n) << __builtin_ffs(n) << ' ' << bit_width(n) - 1 << '\n';
    }
    unsigned long long big = 0xf0f0f0f000000000ULL;
    cout << __builtin_popcountll(big) << ' ' << __builtin_clzll(big) << ' ' << __builtin_ctzll(big) << ' ' << (1ULL << 63) << ' ' << (-1LL >> 1) << '\n';
    int mask = 0b10110, count = 0;
    for (int sub = mask; sub; sub = (sub - 1) & mask) ++count;
    cout << count << ' ' << (mask & -mask) << ' ' << (mask ^ (mask >> 1)) << '\n';
    int overflowed;
    cout << __builtin_add_overflow(INT_MAX, 1, &overflowed) << overflowed << ' ' << __builtin_mul_overflow(1000, 1000, &overflowed) << overflowed << '\n';
    cout << bit_cast<uint32_t>(1.0f) << ' ' << __builtin_bswap32(0x01020304) << ' ' << (endian::native == endian::little) << '\n';
    bitset<130> b("1011");
    b |= b << 100;
    cout << b.count() << b[103] << ' ' << (b >> 99).to_ullong() << ' ' << b.any() << bitset<8>(200) << endl;
    cout << __lg(40) << ' ' << __lg(1LL << 40) << ' ' << __gcd(12, 18) << '\n';
}
