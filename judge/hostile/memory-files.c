/* Holds half in files of its work folder and half on the heap: neither alone is too much. */
#include "contained.h"
int main(void) {
    static char block[1 << 20];
    memset(block, 1, sizeof block);
    int file = open("/scratch/x", O_CREAT | O_WRONLY, 0600);
    for (int i = 0; i < 40; i++)
        if (write(file, block, sizeof block) < 0) return 1;
    for (int i = 0; i < 40; i++) take(1 << 20);
    return verdict();
}
