/* Moves pages between the machine's nodes of memory, and hides them from it. */
#include "contained.h"
int main(void) {
    unsigned long nodes = 1;
    static char page[8192];
    void *pages[] = {page};
    int status;
    REFUSED(syscall(SYS_mbind, page, 4096, 2, &nodes, 8, 0));
    REFUSED(syscall(SYS_set_mempolicy, 2, &nodes, 8));
    REFUSED(syscall(SYS_migrate_pages, 0, 8, &nodes, &nodes));
    REFUSED(syscall(SYS_move_pages, 0, 1, pages, NULL, &status, 0));
#ifdef SYS_memfd_secret
    REFUSED(syscall(SYS_memfd_secret, 0));
#endif
    return verdict();
}
