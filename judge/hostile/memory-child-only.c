/* Has a child killed for want of memory, and prints the right answer as if nothing was. */
#include "contained.h"
int main(void) {
    if (fork() == 0)
        for (;;) take(1 << 20);
    wait(NULL);
    return verdict();
}
