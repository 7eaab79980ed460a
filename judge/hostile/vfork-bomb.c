/* Forks in each child while its parent waits in the kernel for that child, as vfork has it. */
#include "contained.h"
int main(void) {
    for (;;) vfork();
}
