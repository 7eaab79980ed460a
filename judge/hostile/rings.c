/* Sets up io_uring, whose calls no filter sees. */
#include "contained.h"
int main(void) {
    static char parameters[256];
    REFUSED(syscall(SYS_io_uring_setup, 8, parameters));
    REFUSED(syscall(SYS_io_uring_enter, 3, 1, 0, 0, NULL, 0));
    REFUSED(syscall(SYS_io_uring_register, 3, 0, NULL, 0));
    return verdict();
}
