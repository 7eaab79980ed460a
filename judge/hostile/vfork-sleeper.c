/* Waits inside the kernel for a child of vfork that sleeps: a wait that ordinary signals do not end. */
#include "contained.h"
int main(void) {
    if (vfork() == 0)
        for (;;) pause();
    return verdict();
}
