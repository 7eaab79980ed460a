#define _GNU_SOURCE
#include "watch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "pipes.h"

/* Looks in vain before we say that we cannot see; its init needs about a millisecond to mount both. */
enum { MAX_VAIN_LOOKS = 1000 };

void watch_clear(struct watch *watch) {
    memset(watch, 0, sizeof *watch);
    watch->init = watch->processes = watch->work = -1;
}

void watch_start(struct watch *watch, int proc, pid_t init) {
    char name[16];
    snprintf(name, sizeof name, "%d", init);
    watch->init = openat(proc, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* Opens a folder of the jail once something of its own is mounted there. Returns -1 with errno while nothing is. */
static int open_mounted(int init, const char *path) {
    struct stat root, mounted;
    int fd = openat(init, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return -1;
    if (!fstatat(init, "root", &root, 0) && !fstat(fd, &mounted) && root.st_dev != mounted.st_dev) return fd;
    close(fd);
    errno = EAGAIN;
    return -1;
}

/* Opens what has been mounted since. Returns 1 when all is there, 0 when it is not yet, -1 with errno if it never will. */
static int find(struct watch *watch) {
    if (watch->init < 0) return -1;
    if (watch->processes < 0) watch->processes = open_mounted(watch->init, "root/proc");
    if (watch->processes >= 0 && watch->work < 0) watch->work = open_mounted(watch->init, "root/scratch");
    if (watch->work >= 0) return 1;
    if (errno == EACCES || errno == EPERM) return -1;
    if (++watch->looks < MAX_VAIN_LOOKS) return 0;
    errno = ETIMEDOUT;
    return -1;
}

/* Reads a small file of a process as a string. Returns -1 when the process has gone. */
static int read_of(int processes, int pid, const char *file, char *text, size_t room) {
    char path[64];
    snprintf(path, sizeof path, "%d/%s", pid, file);
    int fd = openat(processes, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    ssize_t got = read(fd, text, room - 1);
    close(fd);
    if (got <= 0) return -1;
    text[got] = 0;
    return 0;
}

/* CPU time of a process, and of its children that were waited for, in clock ticks (proc(5), stat fields 14 to 17). */
static uint64_t ticks_of(int processes, int pid) {
    char text[1024];
    unsigned long long user, system, children_user, children_system;
    if (read_of(processes, pid, "stat", text, sizeof text)) return 0;
    /* The second field, the command, may hold anything; the last `)` ends it. */
    char *rest = strrchr(text, ')');
    if (!rest || sscanf(rest + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu %llu %llu", &user, &system,
                        &children_user, &children_system) != 4)
        return 0;
    return pid == 1 ? children_user + children_system : user + system + children_user + children_system;
}

/* Resident bytes, with what is shared counted in full (proc(5), statm field 2). */
static uint64_t resident_bytes(int processes, int pid) {
    static uint64_t page;
    if (!page) page = (uint64_t)sysconf(_SC_PAGESIZE);
    char text[128];
    unsigned long long pages;
    if (read_of(processes, pid, "statm", text, sizeof text) || sscanf(text, "%*u %llu", &pages) != 1) return 0;
    return pages * page;
}

/* A process's share of the pages that are nobody's file, with those swapped out (proc(5), smaps_rollup). */
static uint64_t own_bytes(int processes, int pid) {
    static const char *const keys[] = {"\nPss_Anon:", "\nPss_Shmem:", "\nSwapPss:"};
    char text[4096];
    uint64_t kib = 0;
    if (read_of(processes, pid, "smaps_rollup", text, sizeof text)) return 0;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        char *line = strstr(text, keys[i]);
        if (line) kib += strtoull(line + strlen(keys[i]), NULL, 10);
    }
    return kib * 1024;
}

static uint64_t work_bytes(int work) {
    struct statfs status;
    if (fstatfs(work, &status)) return 0;
    return (uint64_t)(status.f_blocks - status.f_bfree) * (uint64_t)status.f_bsize;
}

/* Adds a figure up over all processes but, for memory, the init. Returns -1 with errno. */
static int sum(int processes, int first, uint64_t (*of)(int, int), uint64_t *total) {
    int again = openat(processes, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = again < 0 ? NULL : fdopendir(again);
    if (!entries) {
        if (again >= 0) close(again);
        return -1;
    }
    for (struct dirent *entry; (entry = readdir(entries));) {
        int pid = atoi(entry->d_name);
        if (pid >= first) *total += of(processes, pid);
    }
    closedir(entries);
    return 0;
}

/*
 * What the sockets of the program's network namespace may hold: memory of the kernel's that no process shows, so each
 * counts with all that its buffer can take (socket(7), wmem_default).
 */
static uint64_t socket_bytes(int processes) {
    enum { BUFFER_BYTES = 212992 };
    char text[1024];
    unsigned long long sockets;
    /* All are in one network namespace, the init's. */
    if (read_of(processes, 1, "net/sockstat", text, sizeof text)) return 0;
    return sscanf(text, "sockets: used %llu", &sockets) == 1 ? sockets * BUFFER_BYTES : 0;
}

int watch_look(struct watch *watch, uint64_t limit, uint64_t *cpu_ns, uint64_t *bytes) {
    uint64_t ticks = 0, resident = 0, own = 0;
    int found = watch->work >= 0 ? 1 : find(watch);
    *cpu_ns = watch->cpu_ns;
    *bytes = 0;
    if (found <= 0) return found;
    uint64_t others = work_bytes(watch->work) + socket_bytes(watch->processes);
    if (sum(watch->processes, 1, ticks_of, &ticks) || sum(watch->processes, 2, resident_bytes, &resident)) return -1;
    uint64_t cpu = ticks * (1000000000ull / (uint64_t)sysconf(_SC_CLK_TCK));
    /* A process that is waited for between the looks at its parent and at itself is missed once. */
    if (cpu > watch->cpu_ns) watch->cpu_ns = cpu;
    *cpu_ns = watch->cpu_ns;
    *bytes = resident + others;
    if (*bytes <= limit) return 0;
    /* Dearer to find out, so only when it matters. */
    if (sum(watch->processes, 2, own_bytes, &own)) return -1;
    *bytes = own + others;
    return 0;
}

void watch_end(struct watch *watch) {
    close_if_open(&watch->init);
    close_if_open(&watch->processes);
    close_if_open(&watch->work);
}
