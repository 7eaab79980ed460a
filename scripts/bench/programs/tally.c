// Counts n numbers by a hash table, and sorts what was counted by how often it came.
#include <stdio.h>
#include <stdlib.h>

enum { SLOTS = 1 << 20 };
typedef struct {
    unsigned key, count;
} Entry;
static Entry table[SLOTS];

static int byCount(const void *a, const void *b) {
    const Entry *x = a, *y = b;
    if (x->count != y->count) return x->count < y->count ? 1 : -1;
    return (x->key > y->key) - (x->key < y->key);
}

int main(void) {
    int n;
    if (scanf("%d", &n) != 1) return 1;
    unsigned state = 12345;
    for (int i = 0; i < n; i++) {
        state = state * 1664525u + 1013904223u;
        unsigned key = (state >> 8) % 500000u + 1;
        unsigned slot = key * 2654435761u >> 12;
        while (table[slot].key != 0 && table[slot].key != key) slot = (slot + 1) & (SLOTS - 1);
        table[slot].key = key;
        table[slot].count++;
    }
    int used = 0;
    for (int i = 0; i < SLOTS; i++)
        if (table[i].key != 0) table[used++] = table[i];
    qsort(table, used, sizeof *table, byCount);
    unsigned check = 0;
    for (int i = 0; i < used; i++) check = check * 31 + table[i].key;
    printf("%d %u\n", used, check);
    return 0;
}
