/* Walks all that it sees and looks for a place outside its work folder in which it may write. */
#include "contained.h"
#include <ftw.h>
static int look(const char *path, const struct stat *status, int kind, struct FTW *where) {
    (void)where;
    if (!strcmp(path, "/scratch") || !strcmp(path, "/proc")) return FTW_SKIP_SUBTREE;
    if (kind == FTW_SL || S_ISCHR(status->st_mode) || access(path, W_OK)) return FTW_CONTINUE;
    printf("writable: %s\n", path);
    escapes++;
    return FTW_CONTINUE;
}
int main(void) {
    NEVER(nftw("/", look, 64, FTW_PHYS | FTW_ACTIONRETVAL));
    return verdict();
}
