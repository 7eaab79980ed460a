// The number of primes up to n, and the last of them.
#include <bits/stdc++.h>
using namespace std;

int main() {
    int n;
    cin >> n;
    vector<bool> composite(n + 1);
    int count = 0, last = 0;
    for (int p = 2; p <= n; p++) {
        if (composite[p]) continue;
        count++;
        last = p;
        for (long long m = 1LL * p * p; m <= n; m += p) composite[m] = true;
    }
    cout << count << ' ' << last << '\n';
}
