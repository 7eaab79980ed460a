#define _GNU_SOURCE
#include "cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum controller { MEMORY, PIDS, CPU, CONTROLLERS };

static const char *const v1_names[CONTROLLERS] = {"memory", "pids", "cpuacct"};
static const char prefix[] = "tabarena-judge.";

/* --- small files --- */

static int write_file(int folder, const char *file, const char *text) {
    int fd = openat(folder, file, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    ssize_t put = write(fd, text, strlen(text));
    int error = errno;
    close(fd);
    errno = error;
    return put < 0 ? -1 : 0;
}

static int write_number_file(int folder, const char *file, uint64_t value) {
    char text[24];
    snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    return write_file(folder, file, text);
}

/* Reads a small file into `text` as a string. Returns -1 when it cannot. */
static int read_file(int folder, const char *file, char *text, size_t room) {
    int fd = openat(folder, file, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    ssize_t got = read(fd, text, room - 1);
    close(fd);
    if (got < 0) return -1;
    text[got] = 0;
    return 0;
}

/* Reads the number in a file that holds nothing else. Returns -1 with errno. */
static int read_number_file(int folder, const char *file, uint64_t *value) {
    char text[64];
    if (read_file(folder, file, text, sizeof text)) return -1;
    *value = strtoull(text, NULL, 10);
    return 0;
}

/* Reads the number after `key` in a file of `key number` lines. Returns -1 with errno. */
static int read_key(int folder, const char *file, const char *key, uint64_t *value) {
    char text[4096];
    if (read_file(folder, file, text, sizeof text)) return -1;
    size_t length = strlen(key);
    for (char *line = text; line && *line; line = strchr(line, '\n'), line += line != NULL) {
        if (strncmp(line, key, length) || line[length] != ' ') continue;
        *value = strtoull(line + length + 1, NULL, 10);
        return 0;
    }
    errno = ENODATA;
    return -1;
}

/* --- names --- */

/* When process `pid` started, in clock ticks since boot (proc(5), field 22 of stat), or 0 when there is none. */
static unsigned long long start_time(int pid) {
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    if (read_file(AT_FDCWD, path, text, sizeof text)) return 0;
    /* The second field, the command, may hold anything, blanks and parentheses included; the last `)` ends it. */
    char *field = strrchr(text, ')');
    for (int i = 2; field && i < 22; i++) field = strchr(field + 1, ' ');
    return field ? strtoull(field + 1, NULL, 10) : 0;
}

/* The inode of our pid namespace: process numbers of another one mean nothing to us. */
static unsigned long long pid_namespace(void) {
    struct stat stat_;
    return stat("/proc/self/ns/pid", &stat_) ? 0 : (unsigned long long)stat_.st_ino;
}

/* Whether a folder is that of a supervisor of this pid namespace that no longer runs. */
static int is_orphan(const char *name) {
    unsigned long long namespace_, started;
    int pid;
    if (strncmp(name, prefix, sizeof prefix - 1)) return 0;
    if (sscanf(name + sizeof prefix - 1, "%llu.%d.%llu", &namespace_, &pid, &started) != 3) return 0;
    return namespace_ == pid_namespace() && start_time(pid) != started;
}

/* --- sweeping --- */

/* Removes a group that may still hold a dying process: tries for up to a quarter of a second. */
static void remove_group(int parent, const char *name) {
    struct timespec pause = {0, 250000};
    for (int i = 0; i < 1000; i++) {
        if (!unlinkat(parent, name, AT_REMOVEDIR) || errno == ENOENT) return;
        nanosleep(&pause, NULL);
    }
}

static void kill_members(int folder) {
    int fd = openat(folder, "cgroup.procs", O_RDONLY | O_CLOEXEC);
    FILE *list = fd < 0 ? NULL : fdopen(fd, "r");
    int pid;
    while (list && fscanf(list, "%d", &pid) == 1)
        if (pid > 0) kill(pid, SIGKILL);
    if (list) fclose(list);
}

/* Removes a supervisor's folder with the groups below it, killing what is left in them. */
static void remove_tree(int root, const char *name) {
    int own = openat(root, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int again = own < 0 ? -1 : dup(own);
    DIR *groups = again < 0 ? NULL : fdopendir(again);
    for (struct dirent *entry; groups && (entry = readdir(groups));) {
        if (entry->d_type != DT_DIR || entry->d_name[0] == '.') continue;
        int folder = openat(own, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (folder >= 0) {
            kill_members(folder);
            close(folder);
        }
        remove_group(own, entry->d_name);
    }
    if (groups) closedir(groups);
    if (own >= 0) close(own);
    remove_group(root, name);
}

static void sweep(int root) {
    int again = dup(root);
    DIR *folders = again < 0 ? NULL : fdopendir(again);
    for (struct dirent *entry; folders && (entry = readdir(folders));)
        if (is_orphan(entry->d_name)) remove_tree(root, entry->d_name);
    if (folders) closedir(folders);
}

/* --- finding the trees --- */

/* Which of our controllers a version 1 mount's options name, as a set. */
static unsigned controllers_of(const char *options) {
    unsigned set = 0;
    char copy[512];
    snprintf(copy, sizeof copy, "%s", options);
    for (char *rest = copy, *word; (word = strsep(&rest, ",\n"));)
        for (int i = 0; i < CONTROLLERS; i++)
            if (!strcmp(word, v1_names[i])) set |= 1u << i;
    return set;
}

/* Adds the tree mounted at `path` for those of `controllers` that no earlier mount gave. */
static void add_tree(struct cgroups *cgroups, const char *path, unsigned controllers) {
    for (int i = 0; i < cgroups->count; i++) controllers &= ~cgroups->trees[i].controllers;
    if (!controllers || cgroups->count == MAX_TREES) return;
    int root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0) return;
    cgroups->trees[cgroups->count++] = (struct tree){controllers, root, -1};
}

/* Whether the version 2 tree at `path` has the memory and pids controllers: on a hybrid host it has none. */
static int has_v2_controllers(const char *path) {
    char text[512];
    int root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int found = root >= 0 && !read_file(root, "cgroup.controllers", text, sizeof text) && strstr(text, "memory") &&
                strstr(text, "pids");
    if (root >= 0) close(root);
    return found;
}

/*
 * Fills in `trees` from the mount table (proc(5), mountinfo). A usable version 2 tree wins. A container may see the
 * whole tree read-only and have a part of it mounted to write to, so what is read-only is passed over.
 */
static int find_trees(struct cgroups *cgroups, struct failure *failure) {
    const unsigned all = (1u << CONTROLLERS) - 1;
    FILE *table = fopen("/proc/self/mountinfo", "re");
    if (!table) return fail_errno(failure, "cannot read the mount table");
    char line[4096], path[1024], mode[512], type[64], options[512];
    int read_only = 0;
    cgroups->version = 1;
    while (fgets(line, sizeof line, table)) {
        char *rest = strstr(line, " - ");
        if (!rest || sscanf(line, "%*s %*s %*s %*s %1023s %511s", path, mode) != 2) continue;
        if (sscanf(rest, " - %63s %*s %511s", type, options) != 2 || strncmp(type, "cgroup", 6)) continue;
        if (!strncmp(mode, "ro", 2) || !strncmp(options, "ro", 2)) {
            read_only = 1;
            continue;
        }
        if (!strcmp(type, "cgroup")) add_tree(cgroups, path, controllers_of(options));
        if (!strcmp(type, "cgroup2") && has_v2_controllers(path)) {
            for (int i = 0; i < cgroups->count; i++) close(cgroups->trees[i].root);
            cgroups->count = 0;
            cgroups->version = 2;
            add_tree(cgroups, path, all);
            break;
        }
    }
    fclose(table);
    unsigned found = 0;
    for (int i = 0; i < cgroups->count; i++) found |= cgroups->trees[i].controllers;
    if (found != all)
        return fail(failure, "no cgroup tree with the memory, pids and CPU accounting controllers is mounted%s",
                    read_only ? " to write to" : "");
    return 0;
}

/*
 * In a container the visible root of a version 2 tree is an ordinary group, which may not hold processes and hand
 * down controllers at once ("no internal processes"): its processes then move into a group of their own.
 */
static void evacuate(int root) {
    int from = openat(root, "cgroup.procs", O_RDONLY | O_CLOEXEC);
    FILE *list = from < 0 ? NULL : fdopen(from, "r");
    int pid;
    while (list && fscanf(list, "%d", &pid) == 1)
        if (pid > 0) write_number_file(root, "tabarena-init/cgroup.procs", (uint64_t)pid);
    if (list) fclose(list);
}

static int hand_down_controllers(int folder) { return write_file(folder, "cgroup.subtree_control", "+memory +pids"); }

/* Processes may start while others move, and a list that changes while it is read may lack some: several tries. */
static int hand_down_from(int root) {
    for (int tries = 0; hand_down_controllers(root); tries++) {
        if (errno != EBUSY || tries == 20) return -1;
        mkdirat(root, "tabarena-init", 0755);
        evacuate(root);
    }
    return 0;
}

static int make_own_folder(struct cgroups *cgroups, struct tree *tree, struct failure *failure) {
    if (mkdirat(tree->root, cgroups->name, 0755)) return fail_errno(failure, "cannot create a cgroup");
    tree->own = openat(tree->root, cgroups->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (tree->own < 0) return fail_errno(failure, "cannot open a cgroup");
    if (cgroups->version == 1) return 0;
    if (hand_down_from(tree->root) || hand_down_controllers(tree->own))
        return fail_errno(failure, "cannot hand down cgroup controllers");
    return 0;
}

int cgroups_open(struct cgroups *cgroups, struct failure *failure) {
    memset(cgroups, 0, sizeof *cgroups);
    if (find_trees(cgroups, failure)) return -1;
    snprintf(cgroups->name, sizeof cgroups->name, "%s%llu.%d.%llu", prefix, pid_namespace(), getpid(),
             start_time(getpid()));
    for (int i = 0; i < cgroups->count; i++) {
        sweep(cgroups->trees[i].root);
        if (make_own_folder(cgroups, &cgroups->trees[i], failure)) {
            cgroups_close(cgroups);
            return -1;
        }
    }
    return 0;
}

void cgroups_close(struct cgroups *cgroups) {
    for (int i = 0; i < cgroups->count; i++) {
        remove_tree(cgroups->trees[i].root, cgroups->name);
        if (cgroups->trees[i].own >= 0) close(cgroups->trees[i].own);
        close(cgroups->trees[i].root);
    }
    cgroups->count = 0;
}

const char *cgroups_describe(const struct cgroups *cgroups) {
    return cgroups->version == 2 ? "cgroup v2: memory, pids, cpu.stat" : "cgroup v1: memory, pids, cpuacct";
}

/* --- one program's group --- */

/* The folder in which a controller's files are. */
static int folder_of(const struct cgroup *cgroup, enum controller controller) {
    for (int i = 0; i < cgroup->cgroups->count; i++)
        if (cgroup->cgroups->trees[i].controllers & (1u << controller)) return cgroup->folders[i];
    return -1;
}

/* Sets the bounds. Swap is bounded together with memory, or switched off where the kernel does not count it. */
static int set_limits(const struct cgroup *cgroup, const struct limits *limits, struct failure *failure) {
    int memory = folder_of(cgroup, MEMORY), pids = folder_of(cgroup, PIDS);
    int failed;
    if (cgroup->cgroups->version == 2) {
        failed = write_number_file(memory, "memory.max", limits->memory_bytes);
        if (!failed && write_file(memory, "memory.swap.max", "0") && errno != ENOENT) failed = -1;
        /* All of the program's processes go together; its init is outside. */
        write_file(memory, "memory.oom.group", "1");
    } else {
        failed = write_number_file(memory, "memory.limit_in_bytes", limits->memory_bytes);
        if (!failed && write_number_file(memory, "memory.memsw.limit_in_bytes", limits->memory_bytes))
            failed = write_file(memory, "memory.swappiness", "0");
    }
    if (failed) return fail_errno(failure, "cannot set the memory limit");
    if (write_number_file(pids, "pids.max", limits->processes))
        return fail_errno(failure, "cannot set the process limit");
    return 0;
}

int cgroup_create(struct cgroup *cgroup, const struct cgroups *cgroups, const struct limits *limits,
                  struct failure *failure) {
    static unsigned long long made;
    memset(cgroup, 0, sizeof *cgroup);
    cgroup->cgroups = cgroups;
    snprintf(cgroup->name, sizeof cgroup->name, "%llu", ++made);
    for (int i = 0; i < cgroups->count; i++) cgroup->folders[i] = cgroup->members[i] = -1;
    for (int i = 0; i < cgroups->count; i++) {
        int own = cgroups->trees[i].own;
        if (mkdirat(own, cgroup->name, 0755)) return fail_errno(failure, "cannot create a cgroup");
        cgroup->folders[i] = openat(own, cgroup->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (cgroup->folders[i] < 0) return fail_errno(failure, "cannot open a cgroup");
        if (cgroups->version == 2) continue;
        cgroup->members[i] = openat(cgroup->folders[i], "tasks", O_WRONLY | O_CLOEXEC);
        if (cgroup->members[i] < 0) return fail_errno(failure, "cannot open a cgroup's list of processes");
    }
    return set_limits(cgroup, limits, failure);
}

int cgroup_to_clone_into(const struct cgroup *cgroup) {
    return cgroup->cgroups->version == 2 ? cgroup->folders[0] : -1;
}

int cgroup_enter(const struct cgroup *cgroup) {
    /* "0" is the writer itself, whatever its number in this pid namespace. */
    for (int i = 0; i < cgroup->cgroups->count; i++)
        if (write(cgroup->members[i], "0", 1) != 1) return -1;
    return 0;
}

int cgroup_cpu_ns(const struct cgroup *cgroup, uint64_t *ns) {
    int folder = folder_of(cgroup, CPU);
    if (cgroup->cgroups->version == 1) return read_number_file(folder, "cpuacct.usage", ns);
    if (read_key(folder, "cpu.stat", "usage_usec", ns)) return -1;
    *ns *= 1000;
    return 0;
}

int cgroup_ran_out_of_memory(const struct cgroup *cgroup) {
    const char *file = cgroup->cgroups->version == 2 ? "memory.events" : "memory.oom_control";
    uint64_t kills;
    if (read_key(folder_of(cgroup, MEMORY), file, "oom_kill", &kills)) return -1;
    return kills > 0;
}

int cgroup_memory_bytes(const struct cgroup *cgroup, uint64_t *bytes, int *is_peak) {
    int memory = folder_of(cgroup, MEMORY);
    int v2 = cgroup->cgroups->version == 2;
    *is_peak = 1;
    if (!read_number_file(memory, v2 ? "memory.peak" : "memory.max_usage_in_bytes", bytes)) return 0;
    if (!v2 || errno != ENOENT) return -1;
    *is_peak = 0;
    return read_number_file(memory, "memory.current", bytes);
}

void cgroup_remove(struct cgroup *cgroup) {
    for (int i = 0; cgroup->cgroups && i < cgroup->cgroups->count; i++) {
        if (cgroup->members[i] >= 0) close(cgroup->members[i]);
        if (cgroup->folders[i] >= 0) close(cgroup->folders[i]);
        remove_group(cgroup->cgroups->trees[i].own, cgroup->name);
    }
    cgroup->cgroups = NULL;
}
