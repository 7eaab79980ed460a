/* Calls a function with an argument too many. */
#include <stdio.h>

static int distance(int rows, int columns) { return rows + columns; }

int main(void) {
    int rows, columns;
    if (scanf("%d %d", &rows, &columns) != 2) return 1;
    printf("%d\n", distance(rows, columns, 0));
    return 0;
}
