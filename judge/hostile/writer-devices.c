/* Replaces the devices that every program needs, and makes new ones. */
#include "contained.h"
#include <sys/sysmacros.h>
int main(void) {
    static const char *const names[] = {"/dev/null", "/dev/zero", "/dev/random", "/dev/urandom", "/dev/stdout", "/tmp", "/dev/shm"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        REFUSED(unlink(names[i]));
        REFUSED(rename(names[i], "/scratch/mine"));
        REFUSED(rename("/scratch", names[i]));
        if (i < 4) REFUSED(chmod(names[i], 0));
        if (i < 4) REFUSED(truncate(names[i], 1));
    }
    REFUSED(mknod("/scratch/memory", S_IFCHR | 0666, makedev(1, 1)));
    REFUSED(mknod("/scratch/disk", S_IFBLK | 0666, makedev(8, 0)));
    REFUSED(mknod("/scratch/null", S_IFCHR | 0666, makedev(1, 3)));
    REFUSED(mknod("/dev/disk", S_IFBLK | 0666, makedev(254, 0)));
    return verdict();
}
