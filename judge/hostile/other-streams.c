/* Changes its streams as far as it may: their flags, their pipe's size, their offsets and their owners. */
#include "contained.h"
int main(void) {
    signal(SIGIO, SIG_IGN);
    for (int fd = 0; fd < 3; fd++) {
        fcntl(fd, F_SETFL, O_NONBLOCK | O_APPEND | O_ASYNC);
        fcntl(fd, F_SETOWN, getpid());
        fcntl(fd, F_SETPIPE_SZ, 4096);
        lseek(fd, 1 << 20, SEEK_SET);
    }
    REFUSED(read(1, &escapes, 0) == 0 && read(1, &escapes, sizeof escapes) > 0 ? 0 : -1);
    return verdict();
}
