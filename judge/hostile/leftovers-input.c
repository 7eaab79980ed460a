/* Reads its input and leaves it read, locked and mapped; tells if it did not begin at its beginning. */
#include "contained.h"
#include <sys/file.h>
int main(void) {
    NEVER(lseek(0, 0, SEEK_CUR) != 0);
    struct bait bait = read_bait();
    (void)bait;
    NEVER(flock(0, LOCK_EX | LOCK_NB));
    lseek(0, 0, SEEK_END);
    if (fork() == 0) {
        setsid();
        for (;;) pause();
    }
    return verdict();
}
