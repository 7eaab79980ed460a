/* Raises its own bounds, and those of others. */
#include "contained.h"
#include <sys/resource.h>
int main(void) {
    static const int kinds[] = {RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_CORE, RLIMIT_NOFILE, RLIMIT_MEMLOCK, RLIMIT_NICE, RLIMIT_RTPRIO};
    struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY}, now;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        NEVER(getrlimit(kinds[i], &now) || now.rlim_max == RLIM_INFINITY);
        REFUSED(setrlimit(kinds[i], &none));
        now.rlim_max++;
        REFUSED(setrlimit(kinds[i], &now));
        REFUSED(prlimit(1, kinds[i], &none, NULL));
        REFUSED(prlimit(getppid(), kinds[i], NULL, &now));
    }
    return verdict();
}
