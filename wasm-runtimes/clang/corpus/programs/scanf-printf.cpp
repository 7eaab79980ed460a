#include <cstdio>
#include <cstring>

int main() {
    int n;
    double x;
    char word[64], letter;
    unsigned bits;
    long long big;
    while (scanf("%d %lf %63s %c %x %lld", &n, &x, word, &letter, &bits, &big) == 6) {
        printf("%5d|%-8.3f|%10s|%c|%08X|%+lld\n", n, x, word, letter, bits, big);
        printf("%e %g %zu %%\n", x, x, strlen(word));
    }
    printf("%s %03d %.0f %5.1f%% %o %c\n", "end", 7, 2.5, 99.95, 64, 'z');
}
