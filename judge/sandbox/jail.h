/*
 * The jail's file system, made once per slot, seen afresh by every program.
 *
 *     /            tmpfs of a few KiB, read-only             \
 *     /usr /bin …  the host's or a root folder's, read-only    | made once, in the supervisor's mount namespace,
 *     /etc         alternatives, ld.so.cache, Java's settings  | which every program's namespace is a copy of
 *     /dev         null zero full random urandom               |
 *     /.store      the store, for the supervisor only         /
 *                  (and at level userns the host's /proc)
 *     /proc        own processes only, read-only              \
 *     /scratch /tmp tmpfs of bounded size, the program's own     | made for each program by its init,
 *     /box …       folders of the store, read-only              | which also takes /.store away
 */
#ifndef SANDBOX_JAIL_H
#define SANDBOX_JAIL_H

#include "failure.h"
#include "request.h"

/* Where the supervisor, and nobody else, sees the store read-only, and at level userns the host's /proc. */
#define JAIL_STORE "/.store/files"
#define JAIL_HOST_PROC "/.store/proc"

/* Enters namespaces of our own and a root as drawn above. Returns the store opened for reading and writing, or -1. */
int jail_build(const struct configuration *configuration, struct failure *failure);

/* In a program's own mount namespace: its part of the tree. Returns NULL, or what failed (with errno). */
const char *jail_finish(const struct program *program, enum level level, unsigned uid);

/* Opens a file of the store for reading, following no symbolic link. Returns -1 with errno. */
int jail_open_input(int inputs, const char *path);

#endif
