/*
 * The first process of the guest: makes the host's files the guest's root and runs one program in it.
 *
 *     initramfs: this program, /modules (kernel's), /order (their names), /program (folder and argument list)
 *     root:      the host's own root, read-only over 9p, below a tmpfs that takes what is written
 *     ttyS0      the kernel's words and the program's stderr
 *     ttyS1      the program's stdout, then one line `guest: ended <exit code or -signal>`
 *
 * The only cgroup file system is version 2: the kernel is told cgroup_no_v1=all, and no service manager runs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { MAX_ARGUMENTS = 64 };

/* Ends the guest; QEMU is told not to start it again. */
static _Noreturn void end(void) {
    sync();
    reboot(RB_AUTOBOOT);
    _exit(1);
}

static _Noreturn void give_up(const char *what, const char *which) {
    fprintf(stderr, "guest: %s %s: %s\n", what, which, strerror(errno));
    end();
}

static void mount_at(const char *path, const char *type, const char *source, unsigned long flags,
                     const char *options) {
    if ((mkdir(path, 0755) && errno != EEXIST) || mount(source, path, type, flags, options))
        give_up("cannot mount", path);
}

/* An output that passes every byte as it is, as a serial line's terminal would not. */
static int open_serial(const char *path) {
    struct termios settings;
    int fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 || tcgetattr(fd, &settings)) give_up("cannot open", path);
    cfmakeraw(&settings);
    if (tcsetattr(fd, TCSANOW, &settings)) give_up("cannot set up", path);
    return fd;
}

static void load_modules(void) {
    char name[128], path[160];
    FILE *order = fopen("/order", "re");
    if (!order) give_up("cannot read", "/order");
    while (fscanf(order, "%127s", name) == 1) {
        snprintf(path, sizeof path, "/modules/%s", name);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST)) give_up("cannot load", name);
        close(fd);
    }
    fclose(order);
}

/* Builds the root at /root and goes there. */
static void enter_root(void) {
    mount_at("/host", "9p", "host", MS_RDONLY,
             "trans=virtio,version=9p2000.L,msize=524288,cache=loose,access=any");
    mount_at("/written", "tmpfs", "written", 0, "mode=755");
    if (mkdir("/written/upper", 0755) || mkdir("/written/work", 0755)) give_up("cannot make", "the overlay");
    mount_at("/root", "overlay", "root", 0, "lowerdir=/host,upperdir=/written/upper,workdir=/written/work");
    mount_at("/root/proc", "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    mount_at("/root/sys", "sysfs", "sys", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    mount_at("/root/sys/fs/cgroup", "cgroup2", "cgroup", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    mount_at("/root/dev", "devtmpfs", "dev", MS_NOSUID, NULL);
    /* Not over /tmp: the repository itself may lie there. */
    mount_at("/root/mnt", "tmpfs", "mnt", MS_NOSUID | MS_NODEV, "mode=1777");
    mount_at("/root/run", "tmpfs", "run", MS_NOSUID | MS_NODEV, "mode=755");
    if (chdir("/root") || mount(".", "/", NULL, MS_MOVE, NULL) || chroot(".") || chdir("/"))
        give_up("cannot enter", "the root");
}

/* The argument list: strings one after the other; the first is the folder to run in. */
static char **read_program(void) {
    static char text[8192], *list[MAX_ARGUMENTS + 1];
    int fd = open("/program", O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (length <= 0) give_up("cannot read", "/program");
    close(fd);
    int count = 0;
    for (char *word = text; word < text + length && count < MAX_ARGUMENTS; word += strlen(word) + 1)
        list[count++] = word;
    return list;
}

static pid_t start(char **program, int output) {
    static char *environment[] = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/mnt", "TMPDIR=/mnt",
                                  "LANG=C.UTF-8", NULL};
    pid_t child = fork();
    if (child < 0) give_up("cannot start", program[1]);
    if (child > 0) return child;
    int input = open("/dev/null", O_RDONLY);
    if (setsid() < 0 || dup2(input, 0) < 0 || dup2(output, 1) < 0 || chdir(program[0]))
        give_up("cannot prepare", program[1]);
    execve(program[1], program + 1, environment);
    give_up("cannot run", program[1]);
}

/* Reaps everything; ends with the program. Whatever it left running ends with the guest. */
static int wait_for(pid_t child) {
    for (;;) {
        int status;
        pid_t ended = wait(&status);
        if (ended == child) return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
        if (ended < 0 && errno != EINTR) return -1;
    }
}

int main(void) {
    umask(022);
    mount_at("/dev", "devtmpfs", "dev", 0, NULL);
    int console = open_serial("/dev/ttyS0"), output = open_serial("/dev/ttyS1");
    if (dup2(console, 2) < 0) end();
    load_modules();
    char **program = read_program();
    enter_root();
    dprintf(output, "guest: started\n");
    dprintf(output, "guest: ended %d\n", wait_for(start(program, output)));
    tcdrain(output);
    end();
}
