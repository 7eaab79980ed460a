/* Changes how the kernel treats it: addresses that can be guessed, data that can be run, another system's calls. */
#include "contained.h"
#include <sys/personality.h>
int main(void) {
    REFUSED(personality(ADDR_NO_RANDOMIZE));
    REFUSED(personality(READ_IMPLIES_EXEC));
    REFUSED(personality(PER_LINUX32));
    REFUSED(personality(PER_SVR4 | MMAP_PAGE_ZERO));
    REFUSED((long)mmap((void *)0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    return verdict();
}
