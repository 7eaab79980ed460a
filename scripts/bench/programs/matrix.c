// The product of two matrices of n by n numbers, as the sum of what is on its diagonal.
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    int n;
    if (scanf("%d", &n) != 1) return 1;
    double *a = malloc(sizeof(double) * n * n), *b = malloc(sizeof(double) * n * n);
    double *c = calloc((size_t)n * n, sizeof(double));
    for (int i = 0; i < n * n; i++) {
        a[i] = i % 7;
        b[i] = i % 11;
    }
    for (int i = 0; i < n; i++)
        for (int k = 0; k < n; k++) {
            double factor = a[i * n + k];
            for (int j = 0; j < n; j++) c[i * n + j] += factor * b[k * n + j];
        }
    double trace = 0;
    for (int i = 0; i < n; i++) trace += c[i * n + i];
    printf("%.0f\n", trace);
    return 0;
}
