// The number of primes up to n, and the last of them.
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    int n;
    if (scanf("%d", &n) != 1) return 1;
    unsigned char *composite = calloc((size_t)n + 1, 1);
    int count = 0, last = 0;
    for (int p = 2; p <= n; p++) {
        if (composite[p]) continue;
        count++;
        last = p;
        for (long long m = (long long)p * p; m <= n; m += p) composite[m] = 1;
    }
    printf("%d %d\n", count, last);
    free(composite);
    return 0;
}
