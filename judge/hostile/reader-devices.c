/* Opens devices: terminals, disks, memory, the kernel's log, virtual machines; and the kernel's objects under /sys. */
#include "contained.h"
#include <dirent.h>
int main(void) {
    static const char *const devices[] = {
        "mem", "kmem", "port", "kmsg", "tty", "tty0", "console", "ptmx", "pts", "pts/0", "vda", "sda", "nvme0n1", "loop0",
        "loop-control", "mapper/control", "kvm", "vhost-net", "net/tun", "fuse", "rtc", "rtc0", "hpet", "uinput", "input",
        "userfaultfd", "snapshot", "watchdog", "dri", "snd", "mqueue", "hugepages", "cuse", "vsock", "autofs", "btrfs-control"};
    static const char *const harmless[] = {"null", "zero", "full", "random", "urandom", "fd", "stdin", "stdout", "stderr",
                                           "shm", ".", ".."};
    char path[300];
    for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++) {
        snprintf(path, sizeof path, "/dev/%s", devices[i]);
        refuse_reading(path);
    }
    refuse_reading("/sys");
    refuse_reading("/sys/fs/cgroup");
    refuse_reading("/sys/kernel/security");
    refuse_reading("/sys/class/net");
    DIR *all = opendir("/dev");
    for (struct dirent *entry; all && (entry = readdir(all));) {
        int known = 0;
        for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++) known |= !strcmp(entry->d_name, harmless[i]);
        if (!known) printf("sees: /dev/%s\n", entry->d_name);
        escapes += !known;
    }
    NEVER(!all);
    return verdict();
}
