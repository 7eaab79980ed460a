/* Shares the work of using memory among children, none of which takes much. */
#include "contained.h"
int main(void) {
    for (int i = 0; i < 32; i++)
        if (fork() == 0) {
            take(8 << 20);
            for (;;) pause();
        }
    for (;;) pause();
}
