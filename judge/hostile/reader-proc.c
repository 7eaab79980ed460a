/* Reads of other processes, of the kernel and its settings under /proc. */
#include "contained.h"
#include <dirent.h>
int main(void) {
    static const char *const files[] = {
        "kcore", "kmsg", "kallsyms", "keys", "key-users", "meminfo", "cpuinfo", "mounts/..", "modules", "iomem", "slabinfo",
        "sysrq-trigger", "sys", "sys/kernel/hostname", "sys/kernel/core_pattern", "sys/vm/overcommit_memory", "net/tcp",
        "sysvipc/shm", "timer_list", "vmallocinfo", "interrupts", "fs", "bus", "irq", "scsi", "config.gz", "version",
        "loadavg", "stat", "1", "1/environ", "1/root", "1/cwd", "1/fd", "1/mem", "1/maps", "1/ns/mnt", "1/root/.store/files"};
    struct bait bait = read_bait();
    char path[300];
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        snprintf(path, sizeof path, "/proc/%s", files[i]);
        refuse_reading(path);
    }
    snprintf(path, sizeof path, "/proc/%d/environ", bait.judge);
    refuse_reading(path);
    /* Nor is there any process to be seen but this one. */
    DIR *all = opendir("/proc");
    for (struct dirent *entry; all && (entry = readdir(all));)
        NEVER(atoi(entry->d_name) > 0 && atoi(entry->d_name) != getpid());
    NEVER(!all);
    return verdict();
}
