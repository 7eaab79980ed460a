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
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collect.h"
#include "init.h"
#include "jail.h"
#include "pipes.h"
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
    struct meter meter;
    uint64_t reported_cpu_ns, reported_peak_bytes; /* by its init, of what it waited for */
    pid_t init;
    int init_fd;
    int status;        /* our end of the init's socket */
    int output, errors; /* reading ends of its pipes towards the supervisor; -1 when closed */
    struct relay *relay; /* of two joined programs: what carries its output to the other; else NULL */
    int work;           /* the work folder, when it came with the report */
    uint64_t started, next_check;
    uint64_t *setup_ns; /* where the program-to-be leaves what it cost before it began */
    int unreadable;     /* errno when what it uses could not be read */
    int is_over;
    int is_broken;
};

/* The ends of files that the program gets; ours are closed once it has started. */
struct streams {
    int input, output, errors, status;
};

/* Opens all that the program will hold, but for what join() has. */
static int prepare(const struct slot *slot, struct running *running, struct streams *streams,
                   struct failure *failure) {
    int sockets[2];
    const struct program *program = running->program;
    if (meter_open(&running->meter, slot->level, &slot->cgroups, &program->limits, failure)) return -1;
    if (streams->input < 0) streams->input = jail_open_input(slot->inputs, program->input);
    if (streams->input < 0) return fail_errno(failure, "cannot open the input %s", program->input);
    if (streams->output < 0 && pipe_from_program(&running->output, &streams->output, slot->uid))
        return fail_errno(failure, "cannot make a pipe");
    if (pipe_from_program(&running->errors, &streams->errors, slot->uid))
        return fail_errno(failure, "cannot make a pipe");
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets))
        return fail_errno(failure, "cannot make a socket pair");
    running->status = sockets[0];
    streams->status = sockets[1];
    return 0;
}

/*
 * What the user may have at once at level userns, where the kernel counts all tasks of a user together: those of both
 * joined programs and, when the user is also who runs the judge, the supervisor and the inits (RLIMIT_NPROC).
 */
static uint32_t tasks_of(const struct program *programs, int count) {
    uint32_t tasks = 1;
    for (int i = 0; i < count; i++) tasks += programs[i].limits.processes + 1;
    return tasks;
}

/* Where a program that has not yet begun leaves a figure for us: memory that both see. */
static uint64_t *shared_figure(int index) {
    static uint64_t *figures;
    if (!figures) {
        void *page = mmap(NULL, 2 * sizeof *figures, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (page == MAP_FAILED) abort();
        figures = page;
    }
    figures[index] = 0;
    return &figures[index];
}

/* Clones the init into fresh namespaces. */
static int start(const struct slot *slot, struct running *running, const struct streams *streams, uint32_t tasks,
                 struct failure *failure) {
    struct launch launch = {
        .program = running->program,
        .level = slot->level,
        .cgroup = &running->meter.cgroup,
        .filter = seccomp_filter(slot->level),
        .processors = &slot->processors,
        .uid = slot->uid,
        .tasks = tasks,
        .setup_ns = running->setup_ns,
        .input = streams->input,
        .output = streams->output,
        .errors = streams->errors,
        .status = streams->status,
    };
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
    meter_start(&running->meter, slot->proc, init);
    return 0;
}

/* Empties both pipes; a program that writes too much on stdout is stopped, on stderr merely cut. */
static void drain_both(struct running *running) {
    const struct limits *limits = &running->program->limits;
    if (drain(&running->output, &running->outcome->output, limits->output_bytes))
        running->outcome->stopped |= STOPPED_OUTPUT;
    if (drain(&running->errors, &running->outcome->errors, limits->error_bytes)) running->outcome->errors_cut = 1;
    if (running->relay && running->relay->passed > limits->output_bytes) running->outcome->stopped |= STOPPED_OUTPUT;
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
        running->reported_cpu_ns = report.cpu_ns;
        running->reported_peak_bytes = report.peak_bytes;
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
 * Checks the limits but that on output. Returns for how many nanoseconds the program may go on unchecked: few when
 * little of the CPU limit is left, as a program with many threads uses it up faster than the clock runs.
 */
static uint64_t check_limits(const struct slot *slot, struct running *running, uint64_t now) {
    uint64_t processors = (uint64_t)CPU_COUNT(&slot->processors);
    const struct limits *limits = &running->program->limits;
    struct outcome *outcome = running->outcome;
    uint64_t wall = now - running->started;
    running->meter.setup_ns = *running->setup_ns;
    if (meter_read(&running->meter, &outcome->usage)) {
        running->unreadable = errno;
        return 0;
    }
    uint64_t cpu = outcome->usage.cpu_ns;
    if (cpu > limits->cpu_ns) outcome->stopped |= STOPPED_CPU;
    if (wall > limits->wall_ns) outcome->stopped |= STOPPED_WALL;
    /* On version 1 the kernel kills one process for want of memory, and the others would go on as if nothing was. */
    if (outcome->usage.out_of_memory) outcome->stopped |= STOPPED_MEMORY;
    if (outcome->stopped) return 0;
    uint64_t left = (limits->cpu_ns - cpu) / processors;
    if (limits->wall_ns - wall < left) left = limits->wall_ns - wall;
    uint64_t most = meter_pause_ns(&running->meter);
    return left > most ? most : left + 1;
}

/* Ends a program by a limit, or because nobody can tell what it uses. */
static void stop_if_exceeded(struct running *running) {
    if (running->is_over || !(running->outcome->stopped || running->unreadable)) return;
    syscall(SYS_pidfd_send_signal, running->init_fd, SIGKILL, NULL, 0);
    running->is_over = 1;
    running->outcome->ended = monotonic_ns();
}

enum { FDS_EACH = 5 };

/* Fills in what to wait for: the service, and each program's report, pipes and relay. */
static void list_events(const struct slot *slot, const struct running *running, int count, struct pollfd *events) {
    events[0] = (struct pollfd){slot->service, POLLIN, 0};
    for (int i = 0; i < count; i++) {
        struct pollfd *own = &events[1 + i * FDS_EACH];
        const struct relay *relay = running[i].relay;
        int over = running[i].is_over;
        own[0] = (struct pollfd){over ? -1 : running[i].status, POLLIN, 0};
        own[1] = (struct pollfd){over ? -1 : running[i].output, POLLIN, 0};
        own[2] = (struct pollfd){over ? -1 : running[i].errors, POLLIN, 0};
        /* A relay goes on after its writer's end, until the reader has it all; poll() skips negative numbers. */
        own[3] = (struct pollfd){relay && relay_reads(relay) ? relay->from : -1, POLLIN, 0};
        own[4] = (struct pollfd){relay && relay_writes(relay) ? relay->to : -1, POLLOUT, 0};
    }
}

/* Acts on what happened to one program. */
static void handle_events(struct running *running, const struct pollfd *own) {
    if (own[3].revents || own[4].revents) relay_move(running->relay);
    if (own[1].revents || own[2].revents || own[3].revents) drain_both(running);
    if (own[0].revents) receive_report(running);
}

/* Checks every program's limits. Returns how many still run, and in `pause` how long to wait for events, in ms. */
static int check_all(const struct slot *slot, struct running *running, int count, int *pause) {
    int left = 0;
    *pause = 50;
    for (int i = 0; i < count; i++) {
        if (running[i].is_over) continue;
        uint64_t now = monotonic_ns();
        /* Not at every event: a program that writes much would make us look all the time. */
        if (now >= running[i].next_check) running[i].next_check = now + check_limits(slot, &running[i], now);
        stop_if_exceeded(&running[i]);
        if (running[i].is_over) continue;
        left++;
        int own = (int)((running[i].next_check - now + 999999) / 1000000);
        if (own < *pause) *pause = own;
    }
    return left;
}

/*
 * Watches until all programs are over. Returns 0, or -1 when the service has gone: it says nothing while it waits
 * for an answer, so anything on its side is its end (or a peer that breaks the protocol).
 */
static int watch(const struct slot *slot, struct running *running, int count) {
    int pause;
    while (check_all(slot, running, count, &pause) > 0) {
        struct pollfd events[1 + 2 * FDS_EACH];
        list_events(slot, running, count, events);
        if (poll(events, (nfds_t)(1 + count * FDS_EACH), pause) <= 0) continue;
        if (events[0].revents) return -1;
        for (int i = 0; i < count; i++) handle_events(&running[i], &events[1 + i * FDS_EACH]);
    }
    return 0;
}

/* Ends what is left of the program, and waits until all its processes are gone. */
static void reap(struct running *running) {
    if (running->init <= 0) return;
    syscall(SYS_pidfd_send_signal, running->init_fd, SIGKILL, NULL, 0);
    while (waitpid(running->init, NULL, 0) < 0 && errno == EINTR) continue;
    /* What came between the last look and the end; the writers are gone, so this sees the end. */
    drain_both(running);
    if (running->relay) relay_conclude(running->relay);
}

/* Measures and, if the program ended well, takes its files. */
static int conclude(const struct slot *slot, struct running *running, struct failure *failure) {
    struct outcome *outcome = running->outcome;
    running->meter.setup_ns = *running->setup_ns;
    if (!running->unreadable &&
        meter_conclude(&running->meter, running->reported_cpu_ns, running->reported_peak_bytes, &outcome->usage))
        running->unreadable = errno;
    errno = running->unreadable;
    if (errno) return fail_errno(failure, "cannot read what the program used");
    outcome->wall_ns = outcome->ended - running->started;
    uint64_t closed = running->relay ? running->relay->ended : 0;
    outcome->passed = running->relay ? running->relay->passed : 0;
    outcome->silent = closed && closed < outcome->ended ? closed : outcome->ended;
    if (running->is_broken) return fail(failure, "the program's init died");
    if (running->work < 0 || outcome->exit_code < 0 || outcome->stopped) return 0;
    int collected = collect(running->work, slot->store, running->program->collect, failure);
    if (collected != COLLECT_REFUSED) return collected;
    outcome->not_collected = 1;
    outcome->not_collected_because = *failure;
    return 0;
}

static void release(struct running *running, struct streams *streams) {
    int *all[] = {&streams->input,  &streams->output, &streams->errors,   &streams->status, &running->status,
                  &running->output, &running->errors, &running->init_fd, &running->work};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) close_if_open(all[i]);
    if (running->relay) {
        close_if_open(&running->relay->from);
        close_if_open(&running->relay->to);
    }
    meter_close(&running->meter);
}

/* Joins two programs: what one writes the other reads. */
static int join(struct running running[2], struct streams streams[2], unsigned uid, struct transcript *transcript,
                struct failure *failure) {
    static struct relay relays[2];
    int failed = 0;
    transcript->length = transcript->last = 0;
    transcript->is_cut = 0;
    for (int i = 0; i < 2; i++) {
        struct relay *relay = running[i].relay = &relays[i];
        relay->from = relay->to = -1;
        relay->passed = relay->ended = relay->start = relay->length = 0;
        relay->speaker = (uint8_t)i;
        relay->transcript = transcript;
        failed |= pipe_from_program(&relay->from, &streams[i].output, uid);
        failed |= pipe_to_program(&relay->to, &streams[1 - i].input, uid);
    }
    return failed ? fail_errno(failure, "cannot join two programs by pipes") : 0;
}

static void close_theirs(struct streams *streams) {
    close_if_open(&streams->input);
    close_if_open(&streams->output);
    close_if_open(&streams->errors);
    close_if_open(&streams->status);
}

enum run_status run(const struct slot *slot, const struct program *programs, int count, struct outcome *outcomes,
                    const struct transcript **transcript, struct failure *failure) {
    static struct transcript said;
    struct running running[2];
    struct streams streams[2];
    memset(running, 0, sizeof running);
    memset(outcomes, 0, sizeof *outcomes * (size_t)count);
    for (int i = 0; i < count; i++) {
        outcomes[i].exit_code = -1;
        running[i].program = &programs[i];
        running[i].outcome = &outcomes[i];
        running[i].setup_ns = shared_figure(i);
        running[i].init_fd = running[i].status = running[i].output = running[i].errors = running[i].work = -1;
        streams[i] = (struct streams){-1, -1, -1, -1};
    }
    *transcript = &said;
    int failed = count == 2 ? join(running, streams, slot->uid, &said, failure) : 0;
    for (int i = 0; i < count && !failed; i++) failed = prepare(slot, &running[i], &streams[i], failure);
    for (int i = 0; i < count && !failed; i++)
        failed = start(slot, &running[i], &streams[i], tasks_of(programs, count), failure);
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
