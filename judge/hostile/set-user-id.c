/* Runs programs that have the set-user-id bit, and that of init. */
#include "contained.h"
static void run(const char *path) {
    int ends[2], effective = -1;
    char *words[] = {(char *)path, "-c", "id", NULL}, *env[] = {NULL};
    if (pipe(ends)) return;
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], 1);
        close(2);
        execve(path, words, env);
        _exit(0);
    }
    close(ends[1]);
    char said[256];
    ssize_t got = read(ends[0], said, sizeof said - 1);
    said[got < 0 ? 0 : got] = 0;
    close(ends[0]);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    if (sscanf(said, "uid=%d", &effective) == 1) NEVER(effective == 0);
}
int main(void) {
    static const char *const paths[] = {"/usr/bin/su", "/usr/bin/sudo", "/usr/bin/pkexec", "/usr/bin/newuidmap",
                                        "/usr/bin/mount", "/usr/bin/passwd", "/usr/bin/chsh", "/usr/bin/fusermount3"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) run(paths[i]);
    REFUSED(execl("/proc/1/exe", "init", NULL));
    return verdict();
}
