/* Makes a file that is larger than the work folder, without filling it. */
#include "contained.h"
int main(void) {
    signal(SIGXFSZ, SIG_IGN);
    int fd = open("/scratch/x", O_CREAT | O_WRONLY, 0600);
    REFUSED(ftruncate(fd, 1ll << 40));
    REFUSED(pwrite(fd, "x", 1, 1ll << 40));
    REFUSED(fallocate(fd, 0, 0, 1ll << 40));
    return verdict();
}
