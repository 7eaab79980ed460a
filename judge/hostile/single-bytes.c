/* Writes one byte at a time, from many children in turn. */
#include "contained.h"
int main(void) {
    static const char text[] = "contained\n";
    for (int i = 0; text[i]; i++) {
        if (fork() == 0) {
            write(1, &text[i], 1);
            _exit(0);
        }
        wait(NULL);
    }
    return 0;
}
