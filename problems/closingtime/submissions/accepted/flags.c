#include <stdbool.h>
#include <stdio.h>

#define LARGEST_CARD 99999

int main(void) {
    static bool inside[LARGEST_CARD + 1];
    int n, count = 0, peak = 0;
    if (scanf("%d", &n) != 1) return 1;
    for (int i = 0; i < n; i++) {
        int card;
        if (scanf("%d", &card) != 1) return 1;
        inside[card] = !inside[card];
        count += inside[card] ? 1 : -1;
        if (count > peak) peak = count;
    }
    printf("%d %d\n", peak, count);
    for (int card = 1; card <= LARGEST_CARD; card++) {
        if (inside[card]) printf("%d ", card);
    }
    printf("\n");
    return 0;
}
