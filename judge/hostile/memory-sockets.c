/* Fills the buffers of sockets that nobody reads, in many processes: memory of the kernel's. */
#include "contained.h"
static void fill(void) {
    static char block[1 << 16];
    for (int i = 0; i < 100; i++) {
        int ends[2];
        if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends)) break;
        while (send(ends[0], block, sizeof block, MSG_DONTWAIT) > 0) continue;
        while (send(ends[1], block, sizeof block, MSG_DONTWAIT) > 0) continue;
    }
}
int main(void) {
    for (int i = 0; i < 30; i++)
        if (fork() == 0) {
            fill();
            for (;;) pause();
        }
    for (;;) pause();
}
