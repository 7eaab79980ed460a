// The product of two matrices of n by n numbers, as the sum of what is on its diagonal.
#include <bits/stdc++.h>
using namespace std;

int main() {
    int n;
    cin >> n;
    using Matrix = vector<vector<double>>;
    Matrix a(n, vector<double>(n)), b = a, c = a;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            a[i][j] = (i * n + j) % 7;
            b[i][j] = (i * n + j) % 11;
        }
    for (int i = 0; i < n; i++)
        for (int k = 0; k < n; k++)
            for (int j = 0; j < n; j++) c[i][j] += a[i][k] * b[k][j];
    double trace = 0;
    for (int i = 0; i < n; i++) trace += c[i][i];
    cout << fixed << setprecision(0) << trace << '\n';
}
