/* Mounts, changes its root, and asks for namespaces of its own. */
#include "contained.h"
#include <linux/sched.h>
#include <sched.h>
#include <sys/mount.h>
int main(void) {
    static const int flags[] = {CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWUTS, CLONE_NEWCGROUP};
    struct clone_args arguments = {.flags = CLONE_NEWUSER, .exit_signal = SIGCHLD};
    REFUSED(mount("none", "/scratch", "tmpfs", 0, NULL));
    REFUSED(mount("/usr", "/scratch", NULL, MS_BIND, NULL));
    REFUSED(mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL));
    REFUSED(umount2("/proc", MNT_DETACH));
    REFUSED(syscall(SYS_pivot_root, "/scratch", "/scratch"));
    REFUSED(syscall(SYS_fsopen, "tmpfs", 0));
    REFUSED(syscall(SYS_open_tree, AT_FDCWD, "/", 0));
    REFUSED(syscall(SYS_mount_setattr, AT_FDCWD, "/", 0, NULL, 0));
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        REFUSED(unshare(flags[i]));
        REFUSED(syscall(SYS_clone, flags[i] | SIGCHLD, 0, 0, 0, 0));
    }
    REFUSED(syscall(SYS_clone3, &arguments, sizeof arguments));
    int own = open("/proc/self/ns/mnt", O_RDONLY);
    REFUSED(setns(own, 0));
    REFUSED(open("/proc/1/ns/mnt", O_RDONLY));
    return verdict();
}
