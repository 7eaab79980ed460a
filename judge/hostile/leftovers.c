/* Leaves files for the next run wherever it may write, and tells of any that it finds. */
#include "contained.h"
int main(void) {
    static const char *const paths[] = {"/scratch/left", "/tmp/left-too", "/dev/shm/left-as-well", "/var/tmp/left", "/run/left",
                                        "/box/left", "/data/left", "/pch/left", "/dev/left", "/usr/lib/left", "/etc/left"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        REFUSED(open(paths[i], O_RDONLY));
        int fd = open(paths[i], O_CREAT | O_WRONLY, 0666);
        NEVER(fd < 0 && i < 3);
        close(fd);
    }
    return verdict();
}
