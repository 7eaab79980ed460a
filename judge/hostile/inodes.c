/* Makes files until it may not; far more than a solution needs is too many. */
#include "contained.h"
int main(void) {
    char path[64];
    int count = 0;
    for (; count < 50000; count++) {
        snprintf(path, sizeof path, "/scratch/%d", count);
        int fd = open(path, O_CREAT | O_WRONLY, 0600);
        if (fd < 0) break;
        close(fd);
    }
    NEVER(count > 10000);
    return verdict();
}
