/* Connects to a server on the host's loopback interface, by both versions of the Internet protocol; and to the world. */
#include "contained.h"
#include <arpa/inet.h>
#include <netinet/in.h>
static int reaches(const char *address, int port) {
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    int family = strchr(address, ':') ? AF_INET6 : AF_INET;
    inet_pton(AF_INET, address, &four.sin_addr);
    inet_pton(AF_INET6, address, &six.sin6_addr);
    int fd = socket(family, SOCK_STREAM, 0), packets = socket(family, SOCK_DGRAM, 0);
    struct sockaddr *name = family == AF_INET ? (struct sockaddr *)&four : (struct sockaddr *)&six;
    socklen_t size = family == AF_INET ? sizeof four : sizeof six;
    return connect(fd, name, size) == 0 || sendto(packets, "x", 1, 0, name, size) == 1;
}
int main(void) {
    struct bait bait = read_bait();
    NEVER(reaches("127.0.0.1", bait.port));
    NEVER(reaches("::ffff:127.0.0.1", bait.port));
    NEVER(reaches("::1", bait.port));
    NEVER(reaches("192.0.2.1", 53));
    return verdict();
}
