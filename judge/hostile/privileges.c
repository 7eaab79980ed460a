/* Asks for what it gave up. */
#include "contained.h"
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sysmacros.h>
int main(void) {
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct all[2] = {{~0u, ~0u, ~0u}, {~0u, ~0u, ~0u}};
    struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
    gid_t group = 0;
    REFUSED(setuid(0));
    REFUSED(setresuid(0, 0, 0));
    REFUSED(setgid(0));
    REFUSED(setgroups(1, &group));
    REFUSED(syscall(SYS_capset, &head, all));
    REFUSED(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYS_ADMIN, 0, 0));
    REFUSED(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0));
    REFUSED(mknod("/scratch/disk", S_IFBLK | 0666, makedev(8, 0)));
    REFUSED(chown("/scratch", 0, 0));
    REFUSED(chroot("/scratch"));
    REFUSED(setrlimit(RLIMIT_NOFILE, &none));
    REFUSED(setrlimit(RLIMIT_CORE, &none));
    REFUSED(setpriority(PRIO_PROCESS, 0, -10));
    REFUSED(prctl(PR_CAPBSET_READ, CAP_SYS_ADMIN, 0, 0, 0) == 1 ? 0 : -1);
    REFUSED(prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 0 ? 0 : -1);
    /* A program with the set-user-id bit must not help. */
    if (fork() == 0) {
        execl("/usr/bin/su", "su", "-c", "id", NULL);
        _exit(0);
    }
    wait(NULL);
    return verdict();
}
