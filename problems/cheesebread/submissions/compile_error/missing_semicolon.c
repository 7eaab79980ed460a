#include <stdio.h>

int main(void) {
    long long breads, places;
    scanf("%lld %lld", &breads, &places)
    printf("%lld\n", (breads + places - 1) / places);
    return 0;
}
