/* Changes its root, and leaves it by the ways that lead out of one. */
#include "contained.h"
int main(void) {
    int root = open("/", O_RDONLY | O_DIRECTORY);
    mkdir("/scratch/cell", 0700);
    REFUSED(chroot("/scratch/cell"));
    REFUSED(chroot("/"));
    REFUSED(chroot("."));
    REFUSED(syscall(SYS_pivot_root, "/scratch", "/scratch/cell"));
    REFUSED(syscall(SYS_pivot_root, ".", "."));
    NEVER(fchdir(root));
    for (int i = 0; i < 100; i++) NEVER(chdir(".."));
    struct stat here, there;
    NEVER(stat(".", &here) || fstat(root, &there) || here.st_ino != there.st_ino || here.st_dev != there.st_dev);
    refuse_reading("old");
    refuse_reading("root");
    refuse_reading("proc/1/root");
    REFUSED(openat(root, "../root", O_RDONLY));
    return verdict();
}
