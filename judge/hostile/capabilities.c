/* Looks for a capability that it has or could get: in its sets, in the bounding set, by files and by exec. */
#include "contained.h"
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/xattr.h>
int main(void) {
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct all[2] = {{~0u, ~0u, ~0u}, {~0u, ~0u, ~0u}}, own[2];
    char line[256];
    FILE *status = fopen("/proc/self/status", "r");
    NEVER(!status);
    while (status && fgets(line, sizeof line, status)) {
        unsigned long long set;
        if (sscanf(line, "Cap%*[a-zA-Z]: %llx", &set) == 1) NEVER(set != 0);
        if (sscanf(line, "NoNewPrivs: %llx", &set) == 1) NEVER(set != 1);
        if (sscanf(line, "Seccomp: %llx", &set) == 1) NEVER(set != 2);
    }
    for (int i = 0; i <= 63; i++) {
        NEVER(prctl(PR_CAPBSET_READ, i, 0, 0, 0) == 1);
        REFUSED(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, i, 0, 0));
    }
    NEVER(syscall(SYS_capget, &head, own) || own[0].effective || own[0].permitted || own[0].inheritable || own[1].effective);
    REFUSED(syscall(SYS_capset, &head, all));
    REFUSED(prctl(PR_SET_SECUREBITS, SECBIT_NOROOT, 0, 0, 0));
    REFUSED(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0));
    REFUSED(prctl(PR_SET_SECCOMP, 0, NULL));
    REFUSED(setxattr("/scratch", "security.capability", "\1\0\0\2\377\377\377\377\0\0\0\0", 12, 0));
    REFUSED(setxattr("/scratch", "trusted.x", "x", 1, 0));
    return verdict();
}
