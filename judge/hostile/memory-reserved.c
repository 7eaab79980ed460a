/* Reserves a hundred times its memory and uses little of it, which is no offence. */
#include "contained.h"
int main(void) {
    for (int i = 0; i < 7; i++) {
        volatile char *bytes = malloc(1 << 30);
        NEVER(bytes == NULL);
        if (bytes) bytes[i << 20] = 1;
    }
    return verdict();
}
