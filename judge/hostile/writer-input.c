/* Changes the file that is its input, so that the next run would be given another. */
#include "contained.h"
#include <sys/file.h>
int main(void) {
    struct bait bait = read_bait();
    (void)bait;
    REFUSED(open("/proc/self/fd/0", O_WRONLY));
    REFUSED(open("/dev/stdin", O_RDWR));
    REFUSED(write(0, "x", 1));
    REFUSED(ftruncate(0, 0));
    REFUSED(fallocate(0, 0, 0, 1 << 20));
    REFUSED(fchmod(0, 0777));
    REFUSED(fchown(0, getuid(), getgid()));
    REFUSED(futimens(0, NULL));
    REFUSED(linkat(0, "", AT_FDCWD, "/scratch/input", AT_EMPTY_PATH));
    REFUSED(linkat(AT_FDCWD, "/proc/self/fd/0", AT_FDCWD, "/scratch/input", AT_SYMLINK_FOLLOW));
    REFUSED((long)mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, 0, 0));
    lseek(0, 0, SEEK_END);
    return verdict();
}
