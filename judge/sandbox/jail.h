/*
 * The jail's file system, made once per slot, seen afresh by every program.
 *
 *     /            tmpfs of a few KiB, read-only             \
 *     /usr /bin …  the host's, read-only, no set-uid           | made once, in the supervisor's mount namespace,
 *     /etc         alternatives, ld.so.cache, Java's settings  | which every program's namespace is a copy of
 *     /dev         null zero full random urandom               |
 *     /.store      the store, for the supervisor only         /
 *     /proc        own processes only, read-only              \
 *     /scratch /tmp tmpfs of bounded size, the program's own     | made for each program by its init,
 *     /box …       folders of the store, read-only              | which also takes /.store away
 */
#ifndef SANDBOX_JAIL_H
#define SANDBOX_JAIL_H

#include "failure.h"
#include "request.h"

/* Enters namespaces of our own and a root as drawn above. Returns the store opened for reading and writing, or -1. */
int jail_build(const struct configuration *configuration, struct failure *failure);

/* In a program's own mount namespace: its part of the tree. Returns NULL, or what failed (with errno). */
const char *jail_finish(const struct program *program, unsigned uid);

/* Opens a file of the store for reading, following no symbolic link. Returns -1 with errno. */
int jail_open_input(int store, const char *path);

#endif
