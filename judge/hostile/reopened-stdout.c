/* Closes stdout, opens it again by its name, and writes the answer to that. */
#include "contained.h"
int main(void) {
    int kept = dup(1);
    char name[32];
    close(1);
    usleep(50000);
    snprintf(name, sizeof name, "/proc/self/fd/%d", kept);
    if (open(name, O_WRONLY) != 1) return 1;
    close(kept);
    return verdict();
}
