// Cheapest ways from the first town to all others, and how many towns each distance has: sixty lines as people write them.
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 1000

typedef struct {
    int to, cost, next;
} Road;

static Road roads[2 * MOST];
static int first[MOST], known, made;
static char names[MOST][21];

static int number(const char *name) {
    for (int i = 0; i < known; i++)
        if (strcmp(names[i], name) == 0) return i;
    strcpy(names[known], name);
    return known++;
}

static void build(int from, int to, int cost) {
    roads[made] = (Road){to, cost, first[from]};
    first[from] = made++;
}

static int byValue(const void *a, const void *b) {
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

int main(void) {
    int towns, count;
    if (scanf("%d %d", &towns, &count) != 2) return 1;
    memset(first, -1, sizeof first);
    for (int i = 0; i < count; i++) {
        char from[21], to[21];
        int cost;
        if (scanf("%20s %20s %d", from, to, &cost) != 3) return 1;
        int a = number(from), b = number(to);
        build(a, b, cost);
        build(b, a, cost);
    }
    int best[MOST], done[MOST] = {0};
    for (int i = 0; i < towns; i++) best[i] = i == 0 ? 0 : INT_MAX;
    for (int round = 0; round < towns; round++) {
        int town = -1;
        for (int i = 0; i < towns; i++)
            if (!done[i] && best[i] != INT_MAX && (town < 0 || best[i] < best[town])) town = i;
        if (town < 0) break;
        done[town] = 1;
        for (int r = first[town]; r >= 0; r = roads[r].next)
            if (best[town] + roads[r].cost < best[roads[r].to]) best[roads[r].to] = best[town] + roads[r].cost;
    }
    qsort(best, towns, sizeof *best, byValue);
    for (int i = 0, j; i < towns && best[i] != INT_MAX; i = j) {
        for (j = i; j < towns && best[j] == best[i];) j++;
        printf("%d: %d\n", best[i], j - i);
    }
    return 0;
}
