/* Leaves a daemon that serves on a socket, and tells if that of an earlier run answers. */
#include "contained.h"
#include <sys/un.h>
int main(void) {
    struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "\0left-by-an-earlier-run"};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    NEVER(fd < 0);
    REFUSED(connect(fd, (struct sockaddr *)&name, sizeof name));
    int server = socket(AF_UNIX, SOCK_STREAM, 0);
    NEVER(bind(server, (struct sockaddr *)&name, sizeof name) || listen(server, 8));
    if (fork() == 0) {
        setsid();
        for (int number = 1; number < 65; number++) signal(number, SIG_IGN);
        close(1);
        if (fork() == 0)
            for (;;) accept(server, NULL, NULL);
        _exit(0);
    }
    return verdict();
}
