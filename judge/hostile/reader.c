/* Opens what is none of its business, by paths and by links under /proc. */
#include "contained.h"
int main(void) {
    static const char *const paths[] = {
        "/etc/shadow", "/etc/passwd", "/etc/hostname", "/root", "/home", "/sys", "/sys/fs/cgroup", "/.store/files", "/.store",
        "/data/answer", "/data/input", "/old", "/old/etc/shadow", "/dev/mem", "/dev/kmsg", "/dev/vda", "/dev/sda", "/dev/tty",
        "/proc/kcore", "/proc/meminfo", "/proc/mounts/..", "/proc/sysrq-trigger", "/proc/sys/kernel/hostname", "/proc/keys",
        "/proc/1", "/proc/1/environ", "/proc/1/root", "/proc/1/cwd", "/proc/1/fd", "/proc/1/mem", "/proc/1/root/.store/files",
        "/proc/self/root/etc/shadow", "/proc/self/root/.store/files", "/proc/self/fd/0/..", "/proc/self/fd/0/../answer",
        "/proc/self/cwd/../.store/files", "/scratch/../../../../etc/shadow", "/var", "/run", "/mnt", "/opt/node/bin/../../../root"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        int fd = open(paths[i], O_RDONLY);
        if (fd >= 0) {
            printf("opened: %s\n", paths[i]);
            escapes++;
        }
    }
    REFUSED(openat(0, "../answer", O_RDONLY));
    return verdict();
}
