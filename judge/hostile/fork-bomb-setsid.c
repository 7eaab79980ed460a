/* Forks for ever, each process in a session of its own and deaf to every signal that it may be deaf to. */
#include "contained.h"
int main(void) {
    for (;;)
        if (fork() == 0) {
            setsid();
            for (int number = 1; number < 65; number++) signal(number, SIG_IGN);
        }
}
