/* Being root in a namespace of one's own, where one is not root outside or has no cgroups (level userns). */
#ifndef SANDBOX_USER_NAMESPACE_H
#define SANDBOX_USER_NAMESPACE_H

#include "failure.h"

/*
 * Enters a user namespace in which programs may run as user `uid`. Root outside stays root inside, and `uid` is the
 * same user in both; anyone else becomes `uid` inside and stays who they are outside, which is all that the kernel
 * lets them map (user_namespaces(7)).
 */
int user_namespace_enter(unsigned uid, struct failure *failure);

#endif
