/* Leaves dead children unburied until it may have no more. */
#include "contained.h"
int main(void) {
    int count = 0;
    for (; count < 5000; count++) {
        pid_t child = fork();
        if (child == 0) _exit(0);
        if (child < 0) break;
    }
    NEVER(count > 200);
    return verdict();
}
