#include <bits/stdc++.h>
using namespace std;

constexpr int N = 2'000'000;
bitset<N + 1> composite;

int main() {
    vector<int> primes;
    composite[0] = composite[1] = true;
    for (int i = 2; i <= N; ++i) {
        if (!composite[i]) primes.push_back(i);
        for (int p : primes) {
            if (1LL * p * i > N) break;
            composite[p * i] = true;
            if (i % p == 0) break;
        }
    }
    cout << primes.size() << ' ' << primes.back() << ' ' << N + 1 - composite.count() << '\n';
    bitset<100001> reachable;
    reachable[0] = 1;
    int n, x;
    cin >> n;
    while (n-- && cin >> x) reachable |= reachable << x;
    cout << reachable.count() << ' ' << reachable.test(1234) << endl;
}
