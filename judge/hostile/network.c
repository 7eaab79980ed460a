/* Opens sockets of every family and type but those between the processes of one machine. */
#include "contained.h"
int main(void) {
    static const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_RDM, SOCK_SEQPACKET, SOCK_DCCP, SOCK_PACKET};
    for (int family = 0; family < AF_MAX; family++)
        for (size_t i = 0; family != AF_UNIX && i < sizeof types / sizeof types[0]; i++)
            for (int protocol = 0; protocol < 18; protocol++) {
                int fd = socket(family, types[i], protocol);
                if (fd < 0) continue;
                printf("allowed: socket(%d, %d, %d)\n", family, types[i], protocol);
                escapes++;
                close(fd);
            }
    return verdict();
}
