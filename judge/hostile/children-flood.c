/* Has children that write to stdout for ever, and writes nothing itself. */
#include "contained.h"
int main(void) {
    static char block[1 << 16];
    memset(block, 'x', sizeof block);
    for (int i = 0; i < 4; i++)
        if (fork() == 0)
            for (;;)
                if (write(1, block, sizeof block) < 0) _exit(1);
    for (;;) pause();
}
