/* Opens as many files as it can, in one process, and more by passing them away in messages. */
#include "contained.h"
int main(void) {
    int count = 0, passed = 0, ends[2];
    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends)) return 1;
    while (count < 20000 && dup(0) >= 0) count++;
    NEVER(count > 1024);
    for (; passed < 20000; passed++) {
        union {
            struct cmsghdr head;
            char room[CMSG_SPACE(sizeof(int))];
        } control = {.head = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
        char byte = 0;
        struct iovec part = {&byte, 1};
        struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control.room};
        memcpy(CMSG_DATA(&control.head), &ends[0], sizeof(int));
        if (sendmsg(ends[1], &message, MSG_DONTWAIT) < 0) break;
    }
    NEVER(passed > 1024);
    return verdict();
}
