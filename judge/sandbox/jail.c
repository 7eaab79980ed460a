#define _GNU_SOURCE
#include "jail.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "collect.h"
#include "user-namespace.h"

/* As struct mount_attr of the kernel, which C libraries declare in different headers. */
struct mount_attributes {
    uint64_t set, clear, propagation, user_namespace;
};
enum { ATTRIBUTE_READ_ONLY = 1, ATTRIBUTE_NO_SUID = 2, ATTRIBUTE_NO_DEVICES = 4, RECURSIVELY = 0x8000 };

/* Makes the mount at `path` and all below it read-only. */
static int make_read_only(const char *path, unsigned flags, uint64_t also) {
    struct mount_attributes attributes = {.set = ATTRIBUTE_READ_ONLY | ATTRIBUTE_NO_SUID | also};
    return (int)syscall(SYS_mount_setattr, AT_FDCWD, path, flags, &attributes, sizeof attributes);
}

/* Creates the folders above `path`, and `path` itself as a folder or an empty file. The working folder is the root. */
static int make_mount_point(const char *path, int is_folder) {
    char partial[1024];
    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        snprintf(partial, sizeof partial, "%.*s", (int)(slash - path), path);
        if (mkdir(partial, 0755) && errno != EEXIST) return -1;
    }
    if (is_folder) return mkdir(path, 0755) && errno != EEXIST ? -1 : 0;
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
    return fd < 0 ? -1 : close(fd);
}

/* Shows the host's `from` at the jail's `to` (both absolute), read-only with everything mounted below it. */
static int bind_read_only(const char *from, const char *to, struct failure *failure) {
    struct stat status;
    if (stat(from, &status)) return fail_errno(failure, "cannot show %s in the jail", from);
    const char *inside = to + 1;
    if (make_mount_point(inside, S_ISDIR(status.st_mode)) || mount(from, inside, NULL, MS_BIND | MS_REC, NULL) ||
        make_read_only(inside, RECURSIVELY, ATTRIBUTE_NO_DEVICES))
        return fail_errno(failure, "cannot show %s read-only in the jail", from);
    return 0;
}

/* The path of `name`, which begins with a slash, below the folder `root`; "/" is the host's own. */
static const char *below(const char *root, const char *name) {
    static char path[1024];
    snprintf(path, sizeof path, "%s%s", strcmp(root, "/") ? root : "", name);
    return path;
}

/* /bin and its like: symbolic links into /usr on a merged host, folders of their own on others. */
static int add_system_folders(const char *root, struct failure *failure) {
    static const char *const names[] = {"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", NULL};
    if (bind_read_only(below(root, "/usr"), "/usr", failure)) return -1;
    for (const char *const *name = names; *name; name++) {
        const char *path = below(root, *name);
        struct stat status;
        char target[256];
        if (lstat(path, &status)) continue;
        if (!S_ISLNK(status.st_mode)) {
            if (bind_read_only(path, *name, failure)) return -1;
            continue;
        }
        ssize_t length = readlink(path, target, sizeof target - 1);
        if (length < 0) return fail_errno(failure, "cannot read the link %s", path);
        target[length] = 0;
        if (symlink(target, *name + 1)) return fail_errno(failure, "cannot make the link %s", *name);
    }
    return 0;
}

/* The few files outside /usr that compilers and run-times read: Mono's map of libraries, GHC's list of packages. */
static int add_settings(const char *root, struct failure *failure) {
    static const char *const names[] = {"/etc/alternatives", "/etc/ld.so.cache", "/etc/mono/config",
                                        "/var/lib/ghc/package.conf.d", NULL};
    for (const char *const *name = names; *name; name++)
        if (!access(below(root, *name), F_OK) && bind_read_only(below(root, *name), *name, failure)) return -1;
    DIR *folder = opendir(below(root, "/etc"));
    int failed = 0;
    for (struct dirent *entry; folder && !failed && (entry = readdir(folder));) {
        char name[300];
        if (strncmp(entry->d_name, "java-", 5)) continue;
        snprintf(name, sizeof name, "/etc/%s", entry->d_name);
        failed = bind_read_only(below(root, name), name, failure);
    }
    if (folder) closedir(folder);
    return failed;
}

/* A device node; where making one is not allowed, the host's is shown. */
static int add_device(const char *name, unsigned minor_number, struct failure *failure) {
    char inside[64], host[64];
    snprintf(inside, sizeof inside, "dev/%s", name);
    snprintf(host, sizeof host, "/dev/%s", name);
    if (!mknod(inside, S_IFCHR | 0666, makedev(1, minor_number))) return 0;
    if (errno != EPERM || make_mount_point(inside, 0) || mount(host, inside, NULL, MS_BIND, NULL))
        return fail_errno(failure, "cannot make %s", host);
    return 0;
}

static int add_devices(enum level level, struct failure *failure) {
    static const struct {
        const char *name;
        unsigned minor_number;
    } devices[] = {{"null", 3}, {"full", 7}, {"random", 8}, {"urandom", 9}};
    static const char *const links[][2] = {{"/proc/self/fd", "dev/fd"},
                                           {"/proc/self/fd/0", "dev/stdin"},
                                           {"/proc/self/fd/1", "dev/stdout"},
                                           {"/proc/self/fd/2", "dev/stderr"},
                                           {"/scratch", "dev/shm"},
                                           {"/scratch", "tmp"}};
    for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++)
        if (add_device(devices[i].name, devices[i].minor_number, failure)) return -1;
    /* Mapped and shared it is memory that belongs to no process, so only where a cgroup counts it. */
    if (level == LEVEL_FULL && add_device("zero", 5, failure)) return -1;
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++)
        if (symlink(links[i][0], links[i][1])) return fail_errno(failure, "cannot make the link /%s", links[i][1]);
    return 0;
}

/*
 * The store, in a folder that only the supervisor may enter, by its capabilities, and that every init empties. In a user namespace the
 * host's /proc is there too: the kernel mounts a new one only where one can be seen whole (mount_namespaces(7)).
 */
static int add_store(const struct configuration *configuration, struct failure *failure) {
    if (mkdir(".store", 0) || mkdir(".store/files", 0700) || mkdir(".store/proc", 0700))
        return fail_errno(failure, "cannot make the store's mount point");
    if (mount(configuration->store, ".store/files", NULL, MS_BIND, NULL) ||
        make_read_only(".store/files", 0, ATTRIBUTE_NO_DEVICES))
        return fail_errno(failure, "cannot show the store in the jail");
    if (configuration->level == LEVEL_USERNS && mount("/proc", ".store/proc", NULL, MS_BIND | MS_REC, NULL))
        return fail_errno(failure, "cannot show the host's /proc to the supervisor");
    return 0;
}

static int populate(const struct configuration *configuration, struct failure *failure) {
    static const char *const folders[] = {"etc", "dev", "proc", "scratch", "box", "data", "pch", "old", NULL};
    for (const char *const *name = folders; *name; name++)
        if (mkdir(*name, 0755)) return fail_errno(failure, "cannot make /%s in the jail", *name);
    const char *root = configuration->root;
    if (add_system_folders(root, failure) || add_settings(root, failure) || add_devices(configuration->level, failure)) return -1;
    for (uint32_t i = 0; i < configuration->bind_count; i++)
        if (bind_read_only(configuration->binds[i].from, configuration->binds[i].to, failure)) return -1;
    return add_store(configuration, failure);
}

/*
 * In a chroot "/" is no mount point, and could neither be made private nor be left by pivot_root. Goes back to the
 * root of the mount namespace, which joining it once more does, and makes the chroot's folder, with all that is
 * mounted in it, the root of this namespace: nothing of the host around it is left.
 */
static int adopt_chroot(void) {
    int folder = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    int namespace = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
    if (folder < 0 || namespace < 0 || setns(namespace, CLONE_NEWNS)) return -1;
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL)) return -1;
    int tree = (int)syscall(SYS_open_tree, folder, "",
                            OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE | AT_EMPTY_PATH);
    if (tree < 0 || syscall(SYS_move_mount, tree, "", folder, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH))
        return -1;
    /* Puts the old root over the new one at the same place, and takes it off again (pivot_root(2), NOTES). */
    if (fchdir(tree) || syscall(SYS_pivot_root, ".", ".") || umount2(".", MNT_DETACH) || chdir("/")) return -1;
    close(tree);
    close(folder);
    close(namespace);
    return 0;
}

/* Mounts made from here on are seen in this namespace alone. */
static int part_from_host(void) {
    if (!mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL)) return 0;
    return errno == EINVAL ? adopt_chroot() : -1;
}

int jail_build(const struct configuration *configuration, struct failure *failure) {
    int store = open(configuration->store, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (store < 0) return fail_errno(failure, "cannot open the store");
    if (configuration->level == LEVEL_USERNS && user_namespace_enter(configuration->uid, failure)) return -1;
    if (unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET))
        return fail_errno(failure, "cannot enter namespaces of my own");
    if (sethostname("box", 3)) return fail_errno(failure, "cannot name the jail");
    if (part_from_host())
        return fail_errno(failure, "cannot part from the host's mounts");
    if (mount("jail", configuration->jail, "tmpfs", MS_NOSUID | MS_NOEXEC, "size=1m,nr_inodes=256,mode=755"))
        return fail_errno(failure, "cannot make the jail's root");
    if (chdir(configuration->jail)) return fail_errno(failure, "cannot enter the jail");
    umask(0);
    int failed = populate(configuration, failure);
    umask(022);
    if (failed) return -1;
    if (syscall(SYS_pivot_root, ".", "old") || chdir("/") || umount2("/old", MNT_DETACH) || rmdir("/old"))
        return fail_errno(failure, "cannot leave the host's root");
    if (make_read_only("/", 0, 0)) return fail_errno(failure, "cannot make the jail's root read-only");
    return store;
}

/* The options of a work folder that only `uid` may enter. */
static const char *work_options(const struct limits *limits, unsigned uid) {
    static char options[160];
    snprintf(options, sizeof options, "size=%llu,nr_inodes=%u,mode=700,uid=%u,gid=%u",
             (unsigned long long)limits->work_bytes, limits->work_inodes, uid, uid);
    return options;
}

const char *jail_finish(const struct program *program, enum level level, unsigned uid) {
    if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, "hidepid=invisible,subset=pid"))
        return "mounting /proc";
    if (mount("scratch", "/scratch", "tmpfs", MS_NOSUID | MS_NODEV, work_options(&program->limits, uid)))
        return "mounting the work folder";
    for (uint32_t i = 0; i < program->mount_count; i++) {
        char from[1024];
        snprintf(from, sizeof from, JAIL_STORE "/%s", program->mounts[i].from);
        /* A bind of the store's mount is read-only as that is. */
        if (mount(from, program->mounts[i].to, NULL, MS_BIND, NULL)) return "mounting a folder of the store";
    }
    if (program->files[0]) {
        char from[1024];
        snprintf(from, sizeof from, JAIL_STORE "/%s", program->files);
        if (lay_files(from, "/scratch", uid)) return "copying files into the work folder";
    }
    if (umount2(JAIL_STORE, MNT_DETACH)) return "taking the store away";
    if (level == LEVEL_USERNS && umount2(JAIL_HOST_PROC, MNT_DETACH)) return "taking the host's /proc away";
    return NULL;
}

int jail_open_input(int inputs, const char *path) {
    if (!path[0]) return open("/dev/null", O_RDONLY | O_CLOEXEC);
    struct open_how how = {.flags = O_RDONLY | O_CLOEXEC, .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
    return (int)syscall(SYS_openat2, inputs, path, &how, sizeof how);
}
