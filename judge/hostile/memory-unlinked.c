/* Holds files in its work folder that have no name any more, and heap beside them. */
#include "contained.h"
int main(void) {
    static char block[1 << 20];
    memset(block, 1, sizeof block);
    for (int i = 0; i < 40; i++) {
        int file = open("/scratch", O_TMPFILE | O_RDWR, 0600);
        if (file < 0 || write(file, block, sizeof block) < 0) return 1;
    }
    for (int i = 0; i < 40; i++) take(1 << 20);
    return verdict();
}
