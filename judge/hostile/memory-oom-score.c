/* Asks the kernel to kill another process first for want of memory, or none of its own. */
#include "contained.h"
int main(void) {
    static const char *const files[] = {"/proc/self/oom_score_adj", "/proc/self/oom_adj", "/proc/1/oom_score_adj"};
    for (int i = 0; i < 3; i++) REFUSED(open(files[i], O_WRONLY));
    return verdict();
}
