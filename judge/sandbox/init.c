#define _GNU_SOURCE
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "jail.h"
#include "seccomp.h"

uint64_t monotonic_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec;
}

/* Sends a report, with an open folder if `folder` is one. */
static void send_report(int status, const struct report *report, int folder) {
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec part = {(void *)report, sizeof *report};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (folder >= 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = &control;
        message.msg_controllen = sizeof control.room;
        control.head.cmsg_level = SOL_SOCKET;
        control.head.cmsg_type = SCM_RIGHTS;
        control.head.cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(&control.head), &folder, sizeof folder);
    }
    sendmsg(status, &message, MSG_NOSIGNAL);
}

/* Tells the supervisor that the program could not be started, with the current errno, and ends the process. */
static _Noreturn void give_up(int status, const char *stage) {
    struct report report = {.kind = REPORT_NOT_STARTED, .value = errno, .ended = monotonic_ns()};
    snprintf(report.stage, sizeof report.stage, "%s", stage);
    send_report(status, &report, -1);
    _exit(1);
}

/* Sets a bound, or as much of it as this process may. */
static void bound(int resource, rlim_t value) {
    struct rlimit old, wanted = {value, value};
    if (!setrlimit((__rlimit_resource_t)resource, &wanted) || getrlimit((__rlimit_resource_t)resource, &old)) return;
    wanted.rlim_cur = wanted.rlim_max = old.rlim_max;
    setrlimit((__rlimit_resource_t)resource, &wanted);
}

/* Per-process bounds below those of the cgroup or the watch, which is what verdicts come from. */
static void set_bounds(const struct launch *launch) {
    const struct limits *limits = &launch->program->limits;
    bound(RLIMIT_CORE, 0);
    bound(RLIMIT_FSIZE, limits->work_bytes);
    bound(RLIMIT_NOFILE, 256);
    bound(RLIMIT_MEMLOCK, 64 << 10);
    bound(RLIMIT_CPU, limits->cpu_ns / 1000000000 + 3);
    /* Unlimited, or the C library would give every thread a stack of the limit's size. */
    bound(RLIMIT_STACK, RLIM_INFINITY);
    if (launch->level == LEVEL_USERNS) bound(RLIMIT_NPROC, launch->tasks);
}

/* Gives up root and every capability. The bounding set was emptied by the supervisor. */
static int drop_privileges(const struct launch *launch) {
    static struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    static const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3];
    unsigned uid = launch->uid;
    /* Where one could only map oneself into the namespace, groups cannot be set, and there are no others' to lose. */
    if (syscall(SYS_setgroups, 0, NULL) && launch->level == LEVEL_FULL) return -1;
    return syscall(SYS_setresgid, uid, uid, uid) || syscall(SYS_setresuid, uid, uid, uid) ||
           syscall(SYS_capset, &head, none) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/* CPU time of the calling process alone. */
static uint64_t own_cpu_ns(void) {
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (uint64_t)used.tv_sec * 1000000000ull + (uint64_t)used.tv_nsec;
}

/*
 * The child that becomes the program. It may share the init's memory until exec (vfork), so it only makes system calls
 * and touches nothing but its own frame.
 */
static _Noreturn void become_program(const struct launch *launch) {
    const struct program *program = launch->program;
    static const int ignored[] = {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGUSR1};
    for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++) signal(ignored[i], SIG_DFL);
    if (setsid() < 0) give_up(launch->status, "starting a session");
    if (dup2(launch->input, 0) < 0 || dup2(launch->output, 1) < 0 || dup2(launch->errors, 2) < 0)
        give_up(launch->status, "joining the standard streams");
    if (chdir("/scratch")) give_up(launch->status, "entering the work folder");
    set_bounds(launch);
    uint64_t charged_from = 0;
    if (launch->level == LEVEL_FULL && cgroup_to_clone_into(launch->cgroup) < 0) {
        /* Late, so that the group is charged for little but the program. */
        if (cgroup_enter(launch->cgroup)) give_up(launch->status, "entering the cgroup");
        charged_from = own_cpu_ns();
    }
    if (drop_privileges(launch)) give_up(launch->status, "dropping privileges");
    if (seccomp_enter(launch->filter)) give_up(launch->status, "entering the system call filter");
    *launch->setup_ns = own_cpu_ns() - charged_from;
    execve(program->argv[0], program->argv, program->env);
    give_up(launch->status, program->argv[0]);
}

/* As fork(), into a cgroup of version 2. */
static pid_t fork_into(int group) {
    struct clone_args arguments = {
        .flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = (uint64_t)group};
    return (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
}

/*
 * Starts the program. All the supervisor's other files are close-on-exec.
 *
 * vfork is quickest, and must be called here, in a frame that outlives the child's use of it. But it cannot put the
 * child into a cgroup of version 2; and it shares memory, and with it the mark of a process that changed its user, which
 * the supervisor may look into only with privileges that it has not got in a user namespace.
 */
static pid_t start_program(const struct launch *launch) {
    int group = launch->level == LEVEL_FULL ? cgroup_to_clone_into(launch->cgroup) : -1;
    pid_t child = launch->level == LEVEL_USERNS ? fork() : group < 0 ? vfork() : fork_into(group);
    if (child == 0) become_program(launch);
    return child;
}

/* Writes what the processes that were waited for used, which the program is one of by now. */
static void report_usage(struct report *report) {
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    const struct timeval *times[] = {&usage.ru_utime, &usage.ru_stime};
    for (int i = 0; i < 2; i++)
        report->cpu_ns += (uint64_t)times[i]->tv_sec * 1000000000ull + (uint64_t)times[i]->tv_usec * 1000;
    report->peak_bytes = (uint64_t)usage.ru_maxrss * 1024;
}

/* Reaps until the program itself has ended; orphans that it left are only reaped. */
static int wait_for(pid_t child) {
    for (;;) {
        int status;
        pid_t ended = wait(&status);
        if (ended == child) return status;
        if (ended < 0 && errno != EINTR) return -1;
    }
}

/* Whether the supervisor died before this process asked to die with it. */
static int is_abandoned(int status) {
    struct pollfd peer = {status, 0, 0};
    return poll(&peer, 1, 0) > 0 && (peer.revents & (POLLHUP | POLLERR));
}

void init_main(const struct launch *launch) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (is_abandoned(launch->status)) _exit(1);
    if (sched_setaffinity(0, sizeof *launch->processors, launch->processors))
        give_up(launch->status, "choosing a processor");
    const char *failed = jail_finish(launch->program, launch->level, launch->uid);
    if (failed) give_up(launch->status, failed);
    pid_t child = start_program(launch);
    if (child < 0) give_up(launch->status, "forking");
    /* Nothing may hold a pipe's end open but the program, or its reader would never see the end. */
    int status = launch->status;
    if (syscall(SYS_close_range, 0, status - 1, 0) || syscall(SYS_close_range, status + 1, ~0u, 0)) _exit(1);
    struct report report = {.kind = REPORT_ENDED};
    report.value = wait_for(child);
    report.ended = monotonic_ns();
    report_usage(&report);
    int collect = launch->program->collect[0] != 0;
    send_report(status, &report, collect ? open("/scratch", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1);
    _exit(0);
}
