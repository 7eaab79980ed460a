/* Looks for files that whoever started it left open, and opens as many as it can. */
#include "contained.h"
int main(void) {
    int count = 0;
    for (int fd = 3; fd < 100000; fd++)
        if (fcntl(fd, F_GETFD) >= 0) escapes++;
    while (open("/dev/null", O_RDONLY) >= 0) count++;
    printf("%d\n", count);
    return verdict();
}
