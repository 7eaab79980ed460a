#include <bits/stdc++.h>
using namespace std;

int d[105][105];

int main() {
    int n, m;
    scanf("%d %d", &n, &m);
    memset(d, 0x3f, sizeof d);
    for (int i = 1; i <= n; i++) d[i][i] = 0;
    while (m--) {
        int a, b, w;
        scanf("%d%d%d", &a, &b, &w);
        d[a][b] = min(d[a][b], w);
    }
    for (int k = 1; k <= n; k++)
        for (int i = 1; i <= n; i++)
            for (int j = 1; j <= n; j++) d[i][j] = min(d[i][j], d[i][k] + d[k][j]);
    for (int i = 1; i <= n; i++)
        for (int j = 1; j <= n; j++)
            if (d[i][j] > 1e9) printf("INF%c", j == n ? '\n' : ' ');
            else printf("%d%c", d[i][j], j == n ? '\n' : ' ');
}
