#define _GNU_SOURCE
#include "collect.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pipes.h"

/* Deeper than any compiler nests; more is a program's trick. */
enum { MAX_DEPTH = 32 };

static int open_beneath(int folder, const char *path, int flags) {
    struct open_how how = {.flags = (unsigned)flags | O_CLOEXEC,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV};
    return (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
}

/* Who what was copied belongs to: whoever copies it. */
enum { OWN = -1 };

/* Copies one regular file; keeps whether it may be executed. */
static int copy_file(int from_folder, int to_folder, const char *name, int uid, struct failure *failure) {
    int from = open_beneath(from_folder, name, O_RDONLY | O_NONBLOCK);
    struct stat status;
    if (from < 0 || fstat(from, &status)) return fail_errno(failure, "cannot read %s", name);
    mode_t mode = status.st_mode & 0111 ? 0755 : 0644;
    int to = openat(to_folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    int failed = to < 0 || fchown(to, (uid_t)uid, (gid_t)uid) ? fail_errno(failure, "cannot create %s", name) : 0;
    for (off_t left = status.st_size; !failed && left > 0;) {
        ssize_t copied = sendfile(to, from, NULL, (size_t)left);
        if (copied < 0 && errno == EINTR) continue;
        if (copied < 0) failed = fail_errno(failure, "cannot copy %s", name);
        if (copied == 0) break;
        left -= copied;
    }
    if (to >= 0) close(to);
    close(from);
    return failed;
}

static int copy_folder(int from, int to, int depth, int uid, struct failure *failure);

/* Copies the folder `name` of one folder into another. */
static int copy_subfolder(int from_folder, int to_folder, const char *name, int depth, int uid,
                          struct failure *failure) {
    if (depth == MAX_DEPTH) {
        fail(failure, "folders nested more than %d deep", MAX_DEPTH);
        return COLLECT_REFUSED;
    }
    int from = open_beneath(from_folder, name, O_RDONLY | O_DIRECTORY);
    if (from < 0) return fail_errno(failure, "cannot read the folder %s", name);
    int to = mkdirat(to_folder, name, 0755) ? -1 : openat(to_folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int failed = to < 0 || fchown(to, (uid_t)uid, (gid_t)uid) ? fail_errno(failure, "cannot create the folder %s", name)
                                                              : copy_folder(from, to, depth + 1, uid, failure);
    if (to >= 0) close(to);
    close(from);
    return failed;
}

/* Copies what lies in the open folder `from` into the open folder `to`. */
static int copy_folder(int from, int to, int depth, int uid, struct failure *failure) {
    int again = dup(from);
    DIR *entries = again < 0 ? NULL : fdopendir(again);
    if (!entries) return fail_errno(failure, "cannot read the work folder");
    int failed = 0;
    for (struct dirent *entry; !failed && (entry = readdir(entries));) {
        const char *name = entry->d_name;
        struct stat status;
        if (!strcmp(name, ".") || !strcmp(name, "..")) continue;
        if (fstatat(from, name, &status, AT_SYMLINK_NOFOLLOW)) failed = fail_errno(failure, "cannot read %s", name);
        else if (S_ISREG(status.st_mode)) failed = copy_file(from, to, name, uid, failure);
        else if (S_ISDIR(status.st_mode)) failed = copy_subfolder(from, to, name, depth, uid, failure);
    }
    closedir(entries);
    return failed;
}

int collect(int work, int store, const char *path, struct failure *failure) {
    int to = open_beneath(store, path, O_RDONLY | O_DIRECTORY);
    if (to < 0) return fail_errno(failure, "cannot open %s in the store", path);
    int failed = copy_folder(work, to, 0, OWN, failure);
    close(to);
    return failed;
}

int lay_files(const char *from, const char *to, unsigned uid) {
    struct failure failure;
    int source = open(from, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int target = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int failed = source < 0 || target < 0 || copy_folder(source, target, 0, (int)uid, &failure);
    int error = errno;
    close_if_open(&source);
    close_if_open(&target);
    errno = error;
    return failed;
}
