/* Takes shared memory by name, as POSIX has it (/dev/shm), and heap beside it. */
#include "contained.h"
int main(void) {
    for (int i = 0; i < 40; i++) {
        char name[16];
        snprintf(name, sizeof name, "/%d", i);
        int fd = shm_open(name, O_CREAT | O_RDWR, 0600);
        if (fd < 0 || ftruncate(fd, 1 << 20)) return 1;
        char *bytes = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (bytes == MAP_FAILED) return 1;
        memset(bytes, 1, 1 << 20);
        munmap(bytes, 1 << 20);
        close(fd);
    }
    for (int i = 0; i < 40; i++) take(1 << 20);
    return verdict();
}
