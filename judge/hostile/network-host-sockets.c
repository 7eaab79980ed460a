/* Connects to servers of the host that listen on sockets with names, in files and in the abstract namespace. */
#include "contained.h"
#include <stddef.h>
#include <sys/un.h>
static int reaches(const char *path, int is_abstract) {
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    size_t length = strlen(path);
    memcpy(name.sun_path + is_abstract, path, length);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + 1);
    for (int type = SOCK_STREAM; type <= SOCK_SEQPACKET; type++) {
        int fd = socket(AF_UNIX, type, 0);
        if (fd >= 0 && connect(fd, (struct sockaddr *)&name, size) == 0) return 1;
        close(fd);
    }
    return 0;
}
int main(void) {
    static const char *const files[] = {"/run/dbus/system_bus_socket", "/var/run/docker.sock", "/run/docker.sock",
                                        "/run/systemd/private", "/run/systemd/journal/socket", "/dev/log"};
    struct bait bait = read_bait();
    NEVER(reaches(bait.socket, 1));
    NEVER(reaches("/tmp/.X11-unix/X0", 1));
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) NEVER(reaches(files[i], 0));
    return verdict();
}
