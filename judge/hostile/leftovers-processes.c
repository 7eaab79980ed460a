/* Tells if it is not the first process after init, or finds an environment, arguments or files that are not its own. */
#include "contained.h"
extern char **environ;
int main(int count, char **words) {
    NEVER(getppid() != 1);
    NEVER(getpid() > 4);
    NEVER(count != 1 || strcmp(words[0], "/box/main"));
    for (char **each = environ; *each; each++)
        if (strncmp(*each, "PATH=", 5) && strncmp(*each, "HOME=", 5) && strncmp(*each, "LANG=", 5)) {
            printf("environment: %s\n", *each);
            escapes++;
        }
    for (int fd = 3; fd < 100000; fd++) NEVER(fcntl(fd, F_GETFD) >= 0);
    NEVER(getsid(0) != getpid());
    sigset_t blocked;
    NEVER(sigprocmask(SIG_SETMASK, NULL, &blocked));
    for (int number = 1; number < 65; number++) {
        struct sigaction now;
        NEVER(sigismember(&blocked, number) == 1);
        NEVER(!sigaction(number, NULL, &now) && now.sa_handler != SIG_DFL);
    }
    return verdict();
}
