/* Asks for namespaces of its own, in which it would be root, and enters those of others. */
#include "contained.h"
#include <linux/sched.h>
#include <sched.h>
int main(void) {
    static const int flags[] = {CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWUTS, CLONE_NEWCGROUP};
    static const char *const kinds[] = {"user", "mnt", "pid", "net", "ipc", "uts", "cgroup", "time"};
    char path[64];
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        struct clone_args arguments = {.flags = (unsigned)flags[i], .exit_signal = SIGCHLD};
        REFUSED(unshare(flags[i]));
        REFUSED(unshare(flags[i] | CLONE_NEWUSER));
        REFUSED(syscall(SYS_clone, flags[i] | SIGCHLD, 0, 0, 0, 0));
        REFUSED(syscall(SYS_clone, flags[i] | CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
        REFUSED(syscall(SYS_clone3, &arguments, sizeof arguments));
    }
    REFUSED(unshare(0x80 /* CLONE_NEWTIME */));
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        snprintf(path, sizeof path, "/proc/self/ns/%s", kinds[i]);
        REFUSED(setns(open(path, O_RDONLY | O_CLOEXEC), 0));
        snprintf(path, sizeof path, "/proc/1/ns/%s", kinds[i]);
        REFUSED(open(path, O_RDONLY | O_CLOEXEC));
    }
    REFUSED(setns((int)syscall(SYS_pidfd_open, 1, 0), CLONE_NEWNET));
    REFUSED(sethostname("x", 1));
    REFUSED(setdomainname("x", 1));
    return verdict();
}
