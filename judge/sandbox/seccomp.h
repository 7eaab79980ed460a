/* The system calls that no judged program needs and no jail should offer. */
#ifndef SANDBOX_SECCOMP_H
#define SANDBOX_SECCOMP_H

#include "request.h"

struct sock_fprog;

/*
 * The filter for this architecture, made once and shared by all programs: everything is allowed but the calls that
 * change mounts, namespaces, the kernel, the clock or other processes, and sockets other than AF_UNIX; and where no
 * cgroup counts, what would hide memory or CPU time from whoever watches.
 */
const struct sock_fprog *seccomp_filter(enum level level);

/* Puts the calling process under the filter for good; it must have set no_new_privs. Returns -1 with errno. */
int seccomp_enter(const struct sock_fprog *filter);

#endif
