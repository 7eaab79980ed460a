#include <bits/stdc++.h>
using namespace std;

// 64 MB of static memory.
int dp[4096][4096];

int main() {
    int n, capacity;
    cin >> n >> capacity;
    vector<int> weight(n + 1), value(n + 1);
    for (int i = 1; i <= n; ++i) cin >> weight[i] >> value[i];
    for (int i = 1; i < 4096; ++i)
        for (int c = 0; c < 4096; ++c) {
            int item = (i - 1) % n + 1;
            dp[i][c] = dp[i - 1][c];
            if (i <= n && c >= weight[item]) dp[i][c] = max(dp[i][c], dp[i - 1][c - weight[item]] + value[item]);
        }
    cout << dp[n][capacity] << ' ' << dp[4095][4095] << '\n';
}
