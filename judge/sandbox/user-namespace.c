#define _GNU_SOURCE
#include "user-namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Writes a file of process `pid` in one go, as the kernel wants it. Returns -1 with errno. */
static int write_of(pid_t pid, const char *file, const char *text) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, file);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    ssize_t put = write(fd, text, strlen(text));
    int error = errno;
    close(fd);
    errno = error;
    return put < 0 ? -1 : 0;
}

/* Only a single line may be mapped by oneself, and only once groups cannot be dropped (user_namespaces(7)). */
static int enter_as_anyone(unsigned uid, struct failure *failure) {
    char users[64], groups[64];
    snprintf(users, sizeof users, "%u %u 1", uid, geteuid());
    snprintf(groups, sizeof groups, "%u %u 1", uid, getegid());
    if (unshare(CLONE_NEWUSER)) return fail_errno(failure, "cannot enter a user namespace");
    pid_t self = getpid();
    if (write_of(self, "setgroups", "deny") || write_of(self, "uid_map", users) || write_of(self, "gid_map", groups))
        return fail_errno(failure, "cannot map users into a user namespace");
    return 0;
}

/* More than one line is mapped by a process outside, so a child stays behind and does that. */
static int enter_as_root(unsigned uid, struct failure *failure) {
    int sockets[2], status;
    char map[64], byte = 0;
    snprintf(map, sizeof map, "0 0 1\n%u %u 1", uid, uid);
    pid_t self = getpid();
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets)) return fail_errno(failure, "cannot make a socket");
    pid_t child = fork();
    if (child < 0) return fail_errno(failure, "cannot fork");
    if (child == 0) {
        close(sockets[0]);
        /* The end of the input: the parent could not enter. */
        if (read(sockets[1], &byte, 1) != 1) _exit(0);
        _exit(write_of(self, "uid_map", map) || write_of(self, "gid_map", map) ? errno : 0);
    }
    close(sockets[1]);
    int failed = unshare(CLONE_NEWUSER) ? fail_errno(failure, "cannot enter a user namespace") : 0;
    if (!failed && write(sockets[0], &byte, 1) != 1) failed = fail_errno(failure, "cannot wake a child");
    close(sockets[0]);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
    if (failed) return -1;
    errno = WIFEXITED(status) ? WEXITSTATUS(status) : ECHILD;
    return errno ? fail_errno(failure, "cannot map users into a user namespace") : 0;
}

int user_namespace_enter(unsigned uid, struct failure *failure) {
    return geteuid() ? enter_as_anyone(uid, failure) : enter_as_root(uid, failure);
}
