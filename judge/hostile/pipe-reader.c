/* Reads from a pipe into which nobody will ever write. */
#include "contained.h"
int main(void) {
    int ends[2];
    char byte;
    if (pipe(ends)) return 1;
    read(ends[0], &byte, 1);
    return verdict();
}
