/* Creates files until it may not. */
#include "contained.h"
int main(void) {
    char path[64];
    int count = 0;
    for (; count < 100000; count++) {
        snprintf(path, sizeof path, "/scratch/%d", count);
        int fd = open(path, O_CREAT | O_WRONLY, 0600);
        if (fd < 0) break;
        close(fd);
    }
    printf("%d\n", count);
    return 0;
}
