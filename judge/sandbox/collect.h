/* Takes what a compiler made out of its work folder. */
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

#endif
