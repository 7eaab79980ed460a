#include <stdio.h>

int main(void) {
    long long breads, places;
    if (scanf("%lld %lld", &breads, &places) != 2) return 1;
    long long trays = breads / places;
    long long empty = 0;
    if (breads % places != 0) {
        trays++;
        empty = places - breads % places;
    }
    printf("%lld %lld\n", trays, empty);
    return 0;
}
