/* Becomes somebody else. */
#include "contained.h"
#include <grp.h>
#include <sys/fsuid.h>
int main(void) {
    struct bait bait = read_bait();
    gid_t none = 0;
    (void)bait;
    NEVER(getuid() == 0 || geteuid() == 0 || getgid() == 0 || getegid() == 0);
    NEVER(getgroups(0, NULL) > 0);
    REFUSED(setuid(0));
    REFUSED(setresuid(0, 0, 0));
    REFUSED(setreuid(getuid() + 1, getuid() + 1));
    REFUSED(setuid(getuid() + 1));
    REFUSED(setuid(65534));
    REFUSED(setgid(0));
    REFUSED(setresgid(0, 0, 0));
    REFUSED(setgroups(1, &none));
    REFUSED(setgroups(0, NULL));
    setfsuid(0);
    NEVER(setfsuid(-1u) == 0);
    REFUSED(chown("/scratch", 0, 0));
    REFUSED(chown("/scratch", getuid() + 1, getgid() + 1));
    REFUSED(open("/proc/self/uid_map", O_WRONLY));
    REFUSED(open("/proc/self/setgroups", O_WRONLY));
    return verdict();
}
