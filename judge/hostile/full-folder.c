/* Fills the work folder: with files, with files that have no name any more, with files of children. */
#include "contained.h"
static char block[1 << 20];
static int fill(int fd) {
    int written = 0;
    signal(SIGXFSZ, SIG_IGN);
    while (written < 300 && write(fd, block, sizeof block) == sizeof block) written++;
    return written;
}
int main(void) {
    memset(block, 1, sizeof block);
    int written = fill(open("/scratch", O_TMPFILE | O_WRONLY, 0600));
    for (int i = 0; i < 4; i++) {
        char path[32];
        snprintf(path, sizeof path, "/tmp/%d", i);
        written += fill(open(path, O_CREAT | O_WRONLY, 0600));
    }
    NEVER(written > 128);
    return verdict();
}
