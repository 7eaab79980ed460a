#include <bits/stdc++.h>
using namespace std;
typedef unsigned long long ull;

int main() {
    string text, pattern;
    cin >> text >> pattern;
    string s = pattern + '#' + text;
    vector<int> pi(s.size()), z(s.size());
    for (size_t i = 1; i < s.size(); ++i) {
        int j = pi[i - 1];
        while (j && s[i] != s[j]) j = pi[j - 1];
        pi[i] = j + (s[i] == s[j]);
    }
    for (int i = 1, l = 0, r = 0; i < (int)s.size(); ++i) {
        if (i < r) z[i] = min(r - i, z[i - l]);
        while (i + z[i] < (int)s.size() && s[z[i]] == s[i + z[i]]) ++z[i];
        if (i + z[i] > r) l = i, r = i + z[i];
    }
    const ull base = 911382323, mod = (1ull << 61) - 1;
    auto multiply = [&](ull a, ull b) {
        __uint128_t c = (__uint128_t)a * b;
        ull low = (ull)(c & mod) + (ull)(c >> 61);
        return low >= mod ? low - mod : low;
    };
    vector<ull> hash(text.size() + 1), power(text.size() + 1, 1);
    for (size_t i = 0; i < text.size(); ++i) {
        hash[i + 1] = (multiply(hash[i], base) + text[i]) % mod;
        power[i + 1] = multiply(power[i], base);
    }
    ull wanted = 0;
    for (char c : pattern) wanted = (multiply(wanted, base) + c) % mod;
    int k = pattern.size();
    for (int i = 0; i + k <= (int)text.size(); ++i) {
        bool byPi = pi[2 * k + i] == k, byZ = z[k + 1 + i] >= k;
        bool byHash = (hash[i + k] + mod - multiply(hash[i], power[k])) % mod == wanted;
        if (byPi || byZ || byHash) cout << i << byPi << byZ << byHash << ' ';
    }
    cout << '\n' << hash.back() << '\n';
}
