/* Fills files that are in no folder (memfd_create), in pieces that no bound on a file's size meets. */
#include "contained.h"
int main(void) {
    static char block[1 << 20];
    memset(block, 1, sizeof block);
    for (int i = 0; i < 200; i++) {
        int file = memfd_create("x", 0);
        if (file < 0) return 1;
        for (int j = 0; j < 4; j++)
            if (write(file, block, sizeof block) < 0) return 1;
    }
    return verdict();
}
