/* Locks memory, so that the machine could not take it back. */
#include "contained.h"
int main(void) {
    char *bytes = mmap(NULL, 8 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REFUSED(mlock(bytes, 8 << 20));
    REFUSED(mlockall(MCL_CURRENT | MCL_FUTURE));
    REFUSED((long)mmap(NULL, 8 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0));
    return verdict();
}
