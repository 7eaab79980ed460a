/* Reads files of the host, by their paths and by ways around. */
#include "contained.h"
int main(void) {
    static const char *const paths[] = {
        "/etc/shadow", "/etc/gshadow", "/etc/passwd", "/etc/hostname", "/etc/hosts", "/etc/ssh", "/etc/ssl/private",
        "/etc/machine-id", "/root", "/root/.bashrc", "/root/.ssh", "/home", "/srv", "/var/log", "/var/cache",
        "/var/spool", "/var/lib/dpkg", "/run", "/mnt", "/media", "/boot", "/old", "/old/etc/shadow", "/lost+found",
        "/tmp/..data", "/workspace",
        "/proc/self/root/etc/shadow", "/proc/self/cwd/../etc/shadow", "/scratch/../../../../etc/shadow",
        "/proc/self/task/../../1/root/etc/shadow", "/usr/../etc/shadow", "/opt/node/bin/../../../root"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) refuse_reading(paths[i]);
    /* The folder above the root is the root. */
    for (int i = 0; i < 64; i++) NEVER(chdir(".."));
    refuse_reading("etc/shadow");
    refuse_reading("root");
    return verdict();
}
