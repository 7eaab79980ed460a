#define _GNU_SOURCE
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collect.h"
#include "init.h"
#include "jail.h"
#include "seccomp.h"

/*
 * A program's life, seen from the supervisor:
 *
 *     prepared -> running -> ended (its init reports) ----> reaped -> measured, collected, removed
 *                    |                                        ^
 *                    +--> stopped (a limit, the service gone) +
 *
 * Killing the init ends every process of its pid namespace; once it is reaped all of them are.
 */
struct running {
    const struct program *program;
    struct outcome *outcome;
    struct cgroup cgroup;
    pid_t init;
    int init_fd;
    int status;        /* our end of the init's socket */
    int output, errors; /* reading ends of its pipes towards the supervisor; -1 when closed */
    int joined;         /* of two joined programs: the end at which the other one reads; else -1 */
    int work;          /* the work folder, when it came with the report */
    uint64_t started;
    int is_over;
    int is_broken;
};

/* The ends of files that the program gets; ours are closed once it has started. */
struct streams {
    int input, output, errors, status;
};

static void close_if_open(int *fd) {
    if (*fd >= 0) close(*fd);
    *fd = -1;
}

/* A pipe whose inode belongs to the program's user, who may then open it again through /proc/self/fd. */
static int make_pipe(int ends[2], unsigned uid) {
    if (pipe2(ends, O_CLOEXEC)) {
        ends[0] = ends[1] = -1;
        return -1;
    }
    return fchown(ends[0], uid, uid);
}

/* A pipe towards the supervisor, which must never block on it. */
static int make_drain(int *ours, int *theirs, unsigned uid) {
    int ends[2];
    int failed = make_pipe(ends, uid);
    *ours = ends[0];
    *theirs = ends[1];
    return failed || fcntl(*ours, F_SETFL, O_NONBLOCK);
}

/* Opens all that the program will hold but what `joined` streams already are. */
static int prepare(const struct slot *slot, struct running *running, struct streams *streams,
                   struct failure *failure) {
    int sockets[2];
    const struct program *program = running->program;
    if (cgroup_create(&running->cgroup, &slot->cgroups, &program->limits, failure)) return -1;
    if (streams->input < 0) streams->input = jail_open_input(slot->store, program->input);
    if (streams->input < 0) return fail_errno(failure, "cannot open the input %s", program->input);
    if (streams->output < 0 && make_drain(&running->output, &streams->output, slot->uid))
        return fail_errno(failure, "cannot make a pipe");
    if (make_drain(&running->errors, &streams->errors, slot->uid)) return fail_errno(failure, "cannot make a pipe");
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets))
        return fail_errno(failure, "cannot make a socket pair");
    running->status = sockets[0];
    streams->status = sockets[1];
    return 0;
}

/* Clones the init into fresh namespaces. */
static int start(const struct slot *slot, struct running *running, const struct streams *streams,
                 struct failure *failure) {
    struct launch launch = {running->program, &running->cgroup, seccomp_filter(), slot->uid,
                            streams->input,   streams->output,  streams->errors,  streams->status};
    int init_fd = -1;
    struct clone_args arguments = {
        .flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_PIDFD,
        .pidfd = (uint64_t)(uintptr_t)&init_fd,
        .exit_signal = SIGCHLD,
    };
    running->started = monotonic_ns();
    pid_t init = (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
    if (init < 0) return fail_errno(failure, "cannot start a process in namespaces of its own");
    if (init == 0) {
        close(running->status);
        init_main(&launch);
    }
    running->init = init;
    running->init_fd = init_fd;
    return 0;
}

/* Keeps up to `limit` bytes of what the pipe holds now; tells whether there was more. Closes it at its end. */
static int drain(int *fd, struct writer *kept, uint64_t limit) {
    static unsigned char buffer[1 << 16];
    int exceeded = 0;
    while (*fd >= 0) {
        ssize_t got = read(*fd, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && errno == EAGAIN) break;
        if (got <= 0) {
            close_if_open(fd);
            break;
        }
        uint64_t room = limit - kept->length;
        if ((uint64_t)got > room) exceeded = 1;
        write_bytes(kept, buffer, (uint64_t)got > room ? room : (size_t)got);
        if (exceeded) break;
    }
    return exceeded;
}

/* Empties both pipes; a program that writes too much on stdout is stopped, on stderr merely cut. */
static void drain_both(struct running *running) {
    const struct limits *limits = &running->program->limits;
    if (drain(&running->output, &running->outcome->output, limits->output_bytes))
        running->outcome->stopped |= STOPPED_OUTPUT;
    if (drain(&running->errors, &running->outcome->errors, limits->error_bytes)) running->outcome->errors_cut = 1;
}

/* Takes the init's report, and the work folder that may come with it. */
static void receive_report(struct running *running) {
    struct report report;
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec part = {&report, sizeof report};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control.room};
    ssize_t got = recvmsg(running->status, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    running->is_over = 1;
    running->outcome->ended = monotonic_ns();
    if (got != sizeof report) {
        running->is_broken = 1;
        return;
    }
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    if (head && head->cmsg_type == SCM_RIGHTS) memcpy(&running->work, CMSG_DATA(head), sizeof running->work);
    running->outcome->ended = report.ended;
    if (report.kind == REPORT_ENDED) {
        if (WIFEXITED(report.value)) running->outcome->exit_code = WEXITSTATUS(report.value);
        if (WIFSIGNALED(report.value)) running->outcome->signal = WTERMSIG(report.value);
        return;
    }
    running->outcome->not_started = 1;
    errno = report.value;
    report.stage[sizeof report.stage - 1] = 0;
    fail_errno(&running->outcome->not_started_because, "cannot start the program (%s)", report.stage);
}

/*
 * Checks the time limits. Returns how long the program may go on unchecked, in milliseconds: soon when little of the
 * CPU limit is left, as a program with many threads uses it up faster than the clock runs.
 */
static int check_times(struct running *running) {
    static uint64_t processors;
    if (!processors) {
        long online = sysconf(_SC_NPROCESSORS_ONLN);
        processors = online > 0 ? (uint64_t)online : 1;
    }
    const struct limits *limits = &running->program->limits;
    uint64_t wall = monotonic_ns() - running->started;
    /* No need to ask while all processors together cannot have used the limit up. */
    uint64_t cpu = wall * processors;
    if (cpu >= limits->cpu_ns) cpu = cgroup_cpu_ns(&running->cgroup);
    if (cpu > limits->cpu_ns) running->outcome->stopped |= STOPPED_CPU;
    if (wall > limits->wall_ns) running->outcome->stopped |= STOPPED_WALL;
    if (running->outcome->stopped) return 0;
    uint64_t left = (limits->cpu_ns - cpu) / processors;
    if (limits->wall_ns - wall < left) left = limits->wall_ns - wall;
    uint64_t pause = left / 1000000 + 1;
    return pause > 50 ? 50 : (int)pause;
}

/*
 * Throws away what a program writes to another that has ended. As long as this end is open the writer gets no
 * SIGPIPE, so that what becomes of one does not depend on a race with the other's end. Stdin is /dev/null here; a
 * splice can be told not to block, while the pipe's own flag would be the reader's, too.
 */
static void spill(struct running *running) {
    ssize_t moved = splice(running->joined, NULL, STDIN_FILENO, NULL, 1 << 20, SPLICE_F_NONBLOCK);
    if (moved == 0 || (moved < 0 && errno != EAGAIN && errno != EINTR)) close_if_open(&running->joined);
}

/* Ends a program by a limit. */
static void stop_if_exceeded(struct running *running) {
    if (running->is_over || !running->outcome->stopped) return;
    syscall(SYS_pidfd_send_signal, running->init_fd, SIGKILL, NULL, 0);
    running->is_over = 1;
    running->outcome->ended = monotonic_ns();
}

enum { FDS_EACH = 4 };

/* Fills in what to wait for: the service, and each program's report and pipes. */
static void list_events(const struct slot *slot, const struct running *running, int count, struct pollfd *events) {
    events[0] = (struct pollfd){slot->service, POLLIN, 0};
    for (int i = 0; i < count; i++) {
        struct pollfd *own = &events[1 + i * FDS_EACH];
        int over = running[i].is_over;
        own[0] = (struct pollfd){over ? -1 : running[i].status, POLLIN, 0};
        own[1] = (struct pollfd){over ? -1 : running[i].output, POLLIN, 0};
        own[2] = (struct pollfd){over ? -1 : running[i].errors, POLLIN, 0};
        int unread = count == 2 && running[1 - i].is_over;
        own[3] = (struct pollfd){over || !unread ? -1 : running[i].joined, POLLIN, 0};
    }
}

/*
 * Watches until all programs are over. Returns 0, or -1 when the service has gone: it says nothing while it waits
 * for an answer, so anything on its side is its end (or a peer that breaks the protocol).
 */
static int watch(const struct slot *slot, struct running *running, int count) {
    for (;;) {
        struct pollfd events[1 + 2 * FDS_EACH];
        int pause = 50, left = 0;
        for (int i = 0; i < count; i++) {
            if (running[i].is_over) continue;
            int own = check_times(&running[i]);
            stop_if_exceeded(&running[i]);
            if (running[i].is_over) continue;
            left++;
            if (own < pause) pause = own;
        }
        if (!left) return 0;
        list_events(slot, running, count, events);
        if (poll(events, (nfds_t)(1 + count * FDS_EACH), pause) <= 0) continue;
        if (events[0].revents) return -1;
        for (int i = 0; i < count; i++) {
            struct pollfd *own = &events[1 + i * FDS_EACH];
            if (own[1].revents || own[2].revents) drain_both(&running[i]);
            if (own[3].revents) spill(&running[i]);
            if (own[0].revents) receive_report(&running[i]);
        }
    }
}

/* Ends what is left of the program, and waits until all its processes are gone. */
static void reap(struct running *running) {
    if (running->init <= 0) return;
    syscall(SYS_pidfd_send_signal, running->init_fd, SIGKILL, NULL, 0);
    while (waitpid(running->init, NULL, 0) < 0 && errno == EINTR) continue;
    /* What came between the last look and the end; the writers are gone, so this sees the end. */
    drain_both(running);
}

/* Measures and, if the program ended well, takes its files. */
static int conclude(const struct slot *slot, struct running *running, struct failure *failure) {
    struct outcome *outcome = running->outcome;
    outcome->usage = cgroup_usage(&running->cgroup);
    outcome->wall_ns = outcome->ended - running->started;
    if (running->is_broken) return fail(failure, "the program's init died");
    if (running->work < 0 || outcome->exit_code < 0 || outcome->stopped) return 0;
    return collect(running->work, slot->store, running->program->collect, failure);
}

static void release(struct running *running, struct streams *streams) {
    int *all[] = {&streams->input,  &streams->output, &streams->errors,   &streams->status, &running->status,
                  &running->output, &running->errors, &running->joined, &running->init_fd, &running->work};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) close_if_open(all[i]);
    cgroup_remove(&running->cgroup);
}

/* One direction of a dialogue, with a reading end kept for `spill`. */
static int join_one_way(struct running *writer, struct streams *from, struct streams *to, unsigned uid) {
    int ends[2];
    int failed = make_pipe(ends, uid);
    from->output = ends[1];
    to->input = ends[0];
    if (failed) return -1;
    writer->joined = fcntl(ends[0], F_DUPFD_CLOEXEC, 3);
    return writer->joined < 0 ? -1 : 0;
}

/* Joins two programs: what one writes the other reads. */
static int join(struct running running[2], struct streams streams[2], unsigned uid, struct failure *failure) {
    if (join_one_way(&running[0], &streams[0], &streams[1], uid) ||
        join_one_way(&running[1], &streams[1], &streams[0], uid))
        return fail_errno(failure, "cannot join two programs by pipes");
    return 0;
}

static void close_theirs(struct streams *streams) {
    close_if_open(&streams->input);
    close_if_open(&streams->output);
    close_if_open(&streams->errors);
    close_if_open(&streams->status);
}

enum run_status run(const struct slot *slot, const struct program *programs, int count, struct outcome *outcomes,
                    struct failure *failure) {
    struct running running[2];
    struct streams streams[2];
    memset(running, 0, sizeof running);
    memset(outcomes, 0, sizeof *outcomes * (size_t)count);
    for (int i = 0; i < count; i++) {
        outcomes[i].exit_code = -1;
        running[i].program = &programs[i];
        running[i].outcome = &outcomes[i];
        running[i].init_fd = running[i].status = running[i].output = running[i].errors = running[i].work = -1;
        running[i].joined = -1;
        streams[i] = (struct streams){-1, -1, -1, -1};
    }
    int failed = count == 2 ? join(running, streams, slot->uid, failure) : 0;
    for (int i = 0; i < count && !failed; i++) failed = prepare(slot, &running[i], &streams[i], failure);
    for (int i = 0; i < count && !failed; i++) failed = start(slot, &running[i], &streams[i], failure);
    for (int i = 0; i < count; i++) close_theirs(&streams[i]);
    int abandoned = failed ? 0 : watch(slot, running, count);
    for (int i = 0; i < count; i++) reap(&running[i]);
    for (int i = 0; i < count && !failed && !abandoned; i++) failed = conclude(slot, &running[i], failure);
    for (int i = 0; i < count; i++) release(&running[i], &streams[i]);
    return abandoned ? RUN_ABANDONED : failed ? RUN_FAILED : RUN_DONE;
}

void free_outcomes(struct outcome *outcomes, int count) {
    for (int i = 0; i < count; i++) {
        free(outcomes[i].output.bytes);
        free(outcomes[i].errors.bytes);
    }
}
