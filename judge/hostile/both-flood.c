/* Writes to both streams for ever. */
#include "contained.h"
int main(void) {
    static char block[1 << 16];
    memset(block, 'x', sizeof block);
    for (;;)
        if (write(2, block, sizeof block) < 0 || write(1, block, sizeof block) < 0) return 1;
}
