/* Sweeps over all students until a sweep changes nothing. */
#include <stdbool.h>
#include <stdio.h>

#define MOST 10000

static int enemies[MOST][3], count[MOST];
static char bus[MOST + 1];

int main(void) {
    int n, m;
    if (scanf("%d %d", &n, &m) != 2) return 1;
    for (int i = 0; i < m; i++) {
        int one, other;
        if (scanf("%d %d", &one, &other) != 2) return 1;
        one--;
        other--;
        enemies[one][count[one]++] = other;
        enemies[other][count[other]++] = one;
    }
    for (int student = 0; student < n; student++) bus[student] = student % 2 == 0 ? 'A' : 'B';
    bool changed = true;
    while (changed) {
        changed = false;
        for (int student = 0; student < n; student++) {
            int together = 0;
            for (int i = 0; i < count[student]; i++) together += bus[enemies[student][i]] == bus[student];
            if (together < 2) continue;
            bus[student] = bus[student] == 'A' ? 'B' : 'A';
            changed = true;
        }
    }
    puts(bus);
    return 0;
}
