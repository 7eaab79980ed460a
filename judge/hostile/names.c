/* Leaves files whose names no tool expects, folders that nobody may enter, sockets and pipes. */
#include "contained.h"
#include <sys/un.h>
int main(void) {
    static const char *const names[] = {"\n", "-rf", "*", "\xff\xfe", "a b", "$(id)", "`id`", ";", "..x", "con:", "\x1b[2J", "\\"};
    char longest[256] = "";
    struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "/scratch/socket"};
    memset(longest, 'x', 255);
    NEVER(close(open(longest, O_CREAT | O_WRONLY, 0)));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        NEVER(mkdir(names[i], 0700) || chdir(names[i]));
        NEVER(close(open(names[i], O_CREAT | O_WRONLY, 0)));
        NEVER(chdir("/scratch") || chmod(names[i], 0));
    }
    NEVER(mkfifo("fifo", 0));
    NEVER(bind(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&name, sizeof name));
    NEVER(chmod("/scratch", 0));
    return verdict();
}
