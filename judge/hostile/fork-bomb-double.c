/* Forks twice at a time: what goes on is nobody's child any more. */
#include "contained.h"
int main(void) {
    for (;;) {
        pid_t child = fork();
        if (child == 0 && fork() > 0) _exit(0);
        if (child > 0) waitpid(child, NULL, 0);
    }
}
