#include <bits/stdc++.h>
using namespace std;
using cd = complex<double>;

void transform(vector<cd> &a, bool invert) {
    int n = a.size();
    for (int i = 1, j = 0; i < n; i++) {
        int bit = n >> 1;
        for (; j & bit; bit >>= 1) j ^= bit;
        j ^= bit;
        if (i < j) swap(a[i], a[j]);
    }
    for (int len = 2; len <= n; len <<= 1) {
        double angle = 2 * M_PI / len * (invert ? -1 : 1);
        cd step(cos(angle), sin(angle));
        for (int i = 0; i < n; i += len) {
            cd w(1);
            for (int j = 0; j < len / 2; j++) {
                cd u = a[i + j], v = a[i + j + len / 2] * w;
                a[i + j] = u + v;
                a[i + j + len / 2] = u - v;
                w *= step;
            }
        }
    }
    if (invert)
        for (cd &x : a) x /= n;
}

int main() {
    string a, b;
    cin >> a >> b;
    int n = 1;
    while (n < (int)(a.size() + b.size())) n *= 2;
    vector<cd> x(a.rbegin(), a.rend()), y(b.rbegin(), b.rend());
    for (auto *v : {&x, &y}) {
        for (cd &digit : *v) digit -= '0';
        v->resize(n);
        transform(*v, false);
    }
    for (int i = 0; i < n; ++i) x[i] *= y[i];
    transform(x, true);
    string product;
    long long carry = 0;
    for (cd &digit : x) {
        carry += llround(digit.real());
        product += char('0' + carry % 10);
        carry /= 10;
    }
    while (product.size() > 1 && product.back() == '0') product.pop_back();
    reverse(product.begin(), product.end());
    cout << product << endl;
}
