/* Fills files in its work folder, and anonymous ones, neither of which is its own memory. */
#include "contained.h"
int main(void) {
    static char block[1 << 20];
    memset(block, 1, sizeof block);
    int anonymous = memfd_create("x", 0), file = open("/scratch/x", O_CREAT | O_WRONLY, 0600);
    for (;;)
        if (write(anonymous, block, sizeof block) < 0 && write(file, block, sizeof block) < 0) return 1;
}
