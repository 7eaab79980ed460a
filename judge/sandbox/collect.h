/* Takes what a program made out of its work folder, and lays files into one. */
#ifndef SANDBOX_COLLECT_H
#define SANDBOX_COLLECT_H

#include "failure.h"

/* `failure` tells of what is the program's own doing: too deep a work folder, not a full disk. */
enum { COLLECT_REFUSED = 1 };

/*
 * Copies the regular files below the open folder `work`, and the folders they lie in, into the folder `path` of the
 * store, which must exist. Symbolic links, devices and the like are left out, never followed: the program whose
 * work folder it was may have made them. All its processes must be gone. Returns 0, COLLECT_REFUSED, or -1.
 */
int collect(int work, int store, const char *path, struct failure *failure);

/*
 * Copies the same way what is in the folder `from` into the folder `to`; what is made there belongs to `uid`. Returns 0,
 * or else with errno.
 */
int lay_files(const char *from, const char *to, unsigned uid);

#endif
