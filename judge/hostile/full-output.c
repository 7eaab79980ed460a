/* Writes 1 MiB in lines, which is just what is allowed; and one byte more if its input says "more". */
#include "contained.h"
int main(void) {
    static char block[1 << 20];
    char more[16] = "";
    memset(block, 'x', sizeof block);
    for (size_t i = 63; i < sizeof block; i += 64) block[i] = '\n';
    for (size_t done = 0; done < sizeof block;) {
        ssize_t put = write(1, block + done, sizeof block - done);
        if (put < 0) return 1;
        done += (size_t)put;
    }
    if (scanf("%15s", more) == 1 && !strcmp(more, "more")) write(1, "\n", 1);
    return 0;
}
