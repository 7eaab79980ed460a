/* Takes memory that its children share. */
#include "contained.h"
int main(void) {
    for (int i = 0; i < 1024; i++) {
        char *bytes = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (bytes == MAP_FAILED) return 1;
        if (fork() == 0) {
            memset(bytes, 1, 1 << 20);
            _exit(0);
        }
        wait(NULL);
    }
    return verdict();
}
