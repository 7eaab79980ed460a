#include <bits/stdc++.h>
using namespace std;

template <size_t N> struct Matrix {
    array<array<long long, N>, N> cell{};
    static constexpr long long MOD = 1'000'000'007;
    friend Matrix operator*(const Matrix &a, const Matrix &b) {
        Matrix c;
        for (size_t i = 0; i < N; ++i)
            for (size_t k = 0; k < N; ++k)
                for (size_t j = 0; j < N; ++j) c.cell[i][j] = (c.cell[i][j] + a.cell[i][k] * b.cell[k][j]) % MOD;
        return c;
    }
};

template <class T> T power(T base, unsigned long long exponent, T result) {
    for (; exponent; exponent >>= 1, base = base * base)
        if (exponent & 1) result = result * base;
    return result;
}

int main() {
    Matrix<2> step{{{{1, 1}, {1, 0}}}}, one{{{{1, 0}, {0, 1}}}};
    unsigned long long n;
    while (cin >> n) cout << "F(" << n << ") = " << power(step, n, one).cell[0][1] << '\n';
}
