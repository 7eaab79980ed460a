/* Mounts, unmounts and changes mounts, by the old calls and the new ones. */
#include "contained.h"
int umount2(const char *path, int flags);
int main(void) {
    char attributes[32] = {0};
    REFUSED(syscall(SYS_mount, "none", "/scratch", "tmpfs", 0, NULL));
    REFUSED(syscall(SYS_mount, "proc", "/scratch", "proc", 0, NULL));
    REFUSED(syscall(SYS_mount, "/usr", "/scratch", NULL, 4096 /* bind */, NULL));
    REFUSED(syscall(SYS_mount, NULL, "/", NULL, 32 | 4096 /* remount, bind */, NULL));
    REFUSED(syscall(SYS_mount, NULL, "/proc", NULL, 32, NULL));
    REFUSED(syscall(SYS_mount, "cgroup", "/scratch", "cgroup2", 0, NULL));
    REFUSED(umount2("/proc", 2 /* detach */));
    REFUSED(umount2("/box", 2));
    REFUSED(umount2("/scratch", 2));
    REFUSED(syscall(SYS_fsopen, "tmpfs", 0));
    REFUSED(syscall(SYS_fspick, AT_FDCWD, "/proc", 0));
    REFUSED(syscall(SYS_open_tree, AT_FDCWD, "/", 0));
    REFUSED(syscall(SYS_open_tree, AT_FDCWD, "/", 1 /* clone */));
    REFUSED(syscall(SYS_move_mount, AT_FDCWD, "/proc", AT_FDCWD, "/scratch", 0));
    REFUSED(syscall(SYS_mount_setattr, AT_FDCWD, "/", 0, attributes, sizeof attributes));
    REFUSED(syscall(SYS_swapon, "/scratch/x", 0));
    REFUSED(syscall(SYS_quotactl, 0, "/dev/vda", 0, NULL));
    return verdict();
}
