/* Writes 32 MiB to stderr, and ends well: what is written there is nobody's business. */
#include "contained.h"
int main(void) {
    static char block[1 << 16];
    memset(block, 'x', sizeof block);
    for (int i = 0; i < 512; i++)
        if (write(2, block, sizeof block) < 0) return 1;
    return verdict();
}
