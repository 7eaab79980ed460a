#include <bits/stdc++.h>
using namespace std;

constexpr int MOD = 998244353;

struct Mint {
    int v;
    constexpr Mint(long long x = 0) : v(int((x % MOD + MOD) % MOD)) {}
    Mint &operator+=(Mint o) { if ((v += o.v) >= MOD) v -= MOD; return *this; }
    Mint &operator-=(Mint o) { if ((v -= o.v) < 0) v += MOD; return *this; }
    Mint &operator*=(Mint o) { v = int(1LL * v * o.v % MOD); return *this; }
    friend Mint operator+(Mint a, Mint b) { return a += b; }
    friend Mint operator-(Mint a, Mint b) { return a -= b; }
    friend Mint operator*(Mint a, Mint b) { return a *= b; }
    Mint power(long long e) const {
        Mint r = 1, b = *this;
        for (; e; e >>= 1, b *= b)
            if (e & 1) r *= b;
        return r;
    }
};

void ntt(vector<Mint> &a, bool invert) {
    int n = a.size();
    for (int i = 1, j = 0; i < n; ++i) {
        int bit = n >> 1;
        for (; j & bit; bit >>= 1) j ^= bit;
        if (i < (j ^= bit)) swap(a[i], a[j]);
    }
    for (int len = 2; len <= n; len *= 2) {
        Mint step = Mint(3).power((MOD - 1) / len);
        if (invert) step = step.power(MOD - 2);
        for (int i = 0; i < n; i += len) {
            Mint w = 1;
            for (int j = 0; j < len / 2; ++j, w *= step) {
                Mint u = a[i + j], v = a[i + j + len / 2] * w;
                a[i + j] = u + v, a[i + j + len / 2] = u - v;
            }
        }
    }
    if (invert) {
        Mint inverse = Mint(n).power(MOD - 2);
        for (auto &x : a) x *= inverse;
    }
}

int main() {
    int n, m;
    cin >> n >> m;
    int size = (int)bit_ceil((unsigned)(n + m));
    vector<Mint> a(size), b(size);
    for (int i = 0; i < n; ++i) cin >> a[i].v;
    for (int i = 0; i < m; ++i) cin >> b[i].v;
    ntt(a, false), ntt(b, false);
    for (int i = 0; i < size; ++i) a[i] *= b[i];
    ntt(a, true);
    for (int i = 0; i < n + m - 1; ++i) cout << a[i].v << ' ';
    cout << '\n';
    // Enough of it to be felt.
    vector<Mint> big(1 << 15);
    for (int i = 0; i < 1 << 15; ++i) big[i] = 1LL * i * i;
    for (int i = 0; i < 4; ++i) ntt(big, false), ntt(big, true);
    cout << accumulate(big.begin(), big.end(), Mint(0)).v << endl;
}
