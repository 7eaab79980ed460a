/* Hides data in the attributes of many files. */
#include "contained.h"
#include <sys/xattr.h>
int main(void) {
    static char value[60000];
    size_t kept = 0;
    for (int i = 0; i < 4000; i++) {
        char name[32];
        snprintf(name, sizeof name, "/scratch/%d", i);
        int fd = open(name, O_CREAT | O_WRONLY, 0600);
        if (fd < 0) break;
        if (!fsetxattr(fd, "user.x", value, sizeof value, 0)) kept += sizeof value;
        close(fd);
    }
    NEVER(kept > 64 << 20);
    return verdict();
}
