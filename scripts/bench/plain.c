/*
 * The floor of the judge's benchmark: starts a program and waits for it, once for each byte read, and answers with a byte.
 * Nothing isolates, bounds or measures.
 *
 *     plain PROGRAM
 */
#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char **words) {
    char byte;
    if (count != 2) return 2;
    while (read(0, &byte, 1) == 1) {
        int status;
        pid_t child = vfork();
        if (child == 0) {
            char *const argv[] = {words[1], NULL}, *const env[] = {NULL};
            execve(words[1], argv, env);
            _exit(127);
        }
        while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
        byte = child > 0 && WIFEXITED(status) ? (char)WEXITSTATUS(status) : 1;
        if (write(1, &byte, 1) != 1) return 1;
    }
    return 0;
}
