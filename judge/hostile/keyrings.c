/* Keeps secrets in the kernel's keyrings, which no namespace parts, and looks for those of others. */
#include "contained.h"
int main(void) {
    for (int ring = -1; ring >= -8; ring--) {
        REFUSED(syscall(SYS_add_key, "user", "intruder", "x", 1, ring));
        REFUSED(syscall(SYS_request_key, "user", "intruder", NULL, ring));
        REFUSED(syscall(SYS_keyctl, 0 /* get id */, ring, 1));
        REFUSED(syscall(SYS_keyctl, 11 /* read */, ring, NULL, 0));
    }
    REFUSED(syscall(SYS_keyctl, 1 /* join session */, "intruder"));
    refuse_reading("/proc/keys");
    return verdict();
}
