/* Opens sockets of every kind, and looks for listeners of the host. */
#include "contained.h"
#include <netinet/in.h>
#include <sys/un.h>
int main(void) {
    static const int families[] = {AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_VSOCK, AF_BLUETOOTH, AF_ALG, AF_KEY};
    static const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET};
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
        for (size_t j = 0; j < sizeof types / sizeof types[0]; j++) REFUSED(socket(families[i], types[j], 0));
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "\0/tmp/.X11-unix/X0"};
    REFUSED(connect(fd, (struct sockaddr *)&name, sizeof name));
    strcpy(name.sun_path, "/run/dbus/system_bus_socket");
    REFUSED(connect(fd, (struct sockaddr *)&name, sizeof name));
    strcpy(name.sun_path, "/var/run/docker.sock");
    REFUSED(connect(fd, (struct sockaddr *)&name, sizeof name));
    return verdict();
}
