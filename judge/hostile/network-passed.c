/* Looks for a socket or another file that it was given by mistake, and has others passed to it by init. */
#include "contained.h"
int main(void) {
    for (int fd = 0; fd < 1024; fd++) {
        struct stat status;
        if (fstat(fd, &status)) continue;
        NEVER(S_ISSOCK(status.st_mode));
        NEVER(S_ISDIR(status.st_mode));
        NEVER(fd > 2);
    }
    for (int fd = 0; fd < 64; fd++) REFUSED(syscall(SYS_pidfd_getfd, syscall(SYS_pidfd_open, 1, 0), fd, 0));
    return verdict();
}
