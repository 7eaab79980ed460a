/* Lets the kernel compute for it: the time of system calls is its own. */
#include "contained.h"
int main(void) {
    static char block[1 << 20];
    int zeros = open("/dev/full", O_RDONLY);
    for (;;)
        if (read(zeros, block, sizeof block) <= 0) return 1;
}
