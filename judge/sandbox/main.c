/*
 * The sandbox supervisor: one process per slot, which runs programs in a jail on behalf of the Node service.
 *
 *     service                            supervisor                          per program
 *       |-- configure {uid, store, ...} -> |  cgroups, namespaces, jail root
 *       | <- ready {what holds here}       |
 *       |-- run {1 or 2 programs}       -> |  cgroup, pipes, clone3 -------> init (pid 1 of its namespace)
 *       |                                  |  watch: time, output, end         |  /proc, /scratch, /box; then vfork:
 *       |                                  |                                   |-> program: cgroup, uid, seccomp, exec
 *       |                                  |  <- report {how it ended} --------|
 *       | <- result {ends, usage, output}  |  kill, reap, measure, remove
 *       |-- (end of input)              -> |  removes its cgroups and ends
 *
 * Nothing outlives its maker: the supervisor's input ends with the service, each init dies with the supervisor, and
 * the kernel ends every process of a pid namespace with its init. Mounts end with their namespaces. Only cgroups can
 * be left over, by a kill -9 of the supervisor: the next one removes them.
 *
 * The supervisor runs no code but its own and talks to nobody but the service; all that it is told comes from there,
 * but is checked all the same.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroup.h"
#include "failure.h"
#include "jail.h"
#include "pipes.h"
#include "protocol.h"
#include "request.h"
#include "run.h"

enum { EXIT_OK = 0, EXIT_BROKEN_PEER = 2 };

/* Answers that the last request could not be met. */
static void answer_failed(const struct failure *failure) {
    struct writer reply = {NULL, 0, 0};
    struct failure ignored;
    write_text(&reply, failure->text);
    send_frame(STDOUT_FILENO, REPLY_FAILED, &reply, &ignored);
    free(reply.bytes);
}

static void write_output(struct writer *reply, const struct writer *output) {
    write_u32(reply, (uint32_t)output->length);
    write_bytes(reply, output->bytes, output->length);
}

static void write_outcome(struct writer *reply, const struct outcome *outcome) {
    write_u32(reply, (uint32_t)outcome->exit_code);
    write_u32(reply, (uint32_t)outcome->signal);
    write_u8(reply, (uint8_t)outcome->stopped);
    write_u8(reply, (uint8_t)outcome->usage.out_of_memory);
    write_u64(reply, outcome->usage.cpu_ns);
    write_u64(reply, outcome->wall_ns);
    write_u64(reply, outcome->usage.peak_bytes);
    write_text(reply, outcome->not_started ? outcome->not_started_because.text : "");
    write_text(reply, outcome->not_collected ? outcome->not_collected_because.text : "");
    write_output(reply, &outcome->output);
    write_output(reply, &outcome->errors);
    write_u8(reply, (uint8_t)outcome->errors_cut);
}

/* What two joined programs said to each other. */
static void write_dialogue(struct writer *reply, const struct outcome *outcomes, const struct transcript *transcript) {
    for (int i = 0; i < 2; i++) write_u64(reply, outcomes[i].passed);
    write_u8(reply, (uint8_t)transcript->is_cut);
    write_u32(reply, transcript->length);
    write_bytes(reply, transcript->bytes, transcript->length);
}

/* Which of two programs ended first: 0 or 1. */
static int first_of(const struct outcome *outcomes, int count) {
    return count == 2 && outcomes[1].silent < outcomes[0].silent;
}

/* Meets a run request. Returns -1 when the service has gone. */
static int serve_run(const struct slot *slot, struct reader *reader) {
    struct program programs[2];
    struct outcome outcomes[2];
    struct failure failure = {""};
    const struct transcript *transcript = NULL;
    int count = 0, ran = 0;
    enum run_status status = RUN_FAILED;
    if (!decode_run(reader, programs, &count, &failure)) {
        ran = count;
        status = run(slot, programs, count, outcomes, &transcript, &failure);
    }
    if (status == RUN_FAILED) answer_failed(&failure);
    int gone = status == RUN_ABANDONED;
    if (status == RUN_DONE) {
        struct writer reply = {NULL, 0, 0};
        write_u8(&reply, (uint8_t)count);
        write_u8(&reply, (uint8_t)first_of(outcomes, count));
        for (int i = 0; i < count; i++) write_outcome(&reply, &outcomes[i]);
        if (count == 2) write_dialogue(&reply, outcomes, transcript);
        gone = send_frame(STDOUT_FILENO, REPLY_RESULT, &reply, &failure);
        free(reply.bytes);
    }
    free_outcomes(outcomes, ran);
    free_programs(programs, count);
    return gone ? -1 : 0;
}

/* Takes every capability out of the bounding set: none can come back through exec. Those held now stay. */
static int empty_bounding_set(struct failure *failure) {
    for (int capability = 0; prctl(PR_CAPBSET_READ, capability) >= 0; capability++)
        if (prctl(PR_CAPBSET_DROP, capability)) return fail_errno(failure, "cannot drop capability %d", capability);
    return 0;
}

/* Finds the processors that programs may run on: the one that was asked for, or all that we may use. */
static int choose_processors(uint32_t wanted, cpu_set_t *processors, struct failure *failure) {
    if (sched_getaffinity(0, sizeof *processors, processors)) return fail_errno(failure, "cannot tell the processors");
    if (wanted == ANY_PROCESSOR) return 0;
    int count = CPU_COUNT(processors);
    if (wanted >= (uint32_t)count) return fail(failure, "no processor %u: this judge may use %d", wanted, count);
    int number = -1;
    for (uint32_t seen = 0; seen <= wanted; seen += CPU_ISSET(number, processors) != 0) number++;
    CPU_ZERO(processors);
    CPU_SET(number, processors);
    return 0;
}

/* Enters what isolates, and makes ready what measures. */
static int enter_level(struct slot *slot, const struct configuration *configuration, struct failure *failure) {
    slot->level = configuration->level;
    slot->uid = configuration->uid;
    if (slot->level == LEVEL_FULL && cgroups_open(&slot->cgroups, failure)) return -1;
    slot->store = jail_build(configuration, failure);
    if (slot->store < 0) return -1;
    slot->inputs = open(JAIL_STORE, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (slot->inputs < 0) return fail_errno(failure, "cannot open the store in the jail");
    if (slot->level == LEVEL_USERNS) {
        slot->proc = open(JAIL_HOST_PROC, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (slot->proc < 0) return fail_errno(failure, "cannot open the host's /proc");
    }
    /* Changed credentials may have undone it. */
    prctl(PR_SET_PDEATHSIG, SIGUSR1);
    return empty_bounding_set(failure);
}

/* Meets the configure request: afterwards the slot can run programs. */
static int set_up(struct slot *slot, struct reader *reader, struct failure *failure) {
    struct configuration configuration;
    int failed = decode_configuration(reader, &configuration, failure);
    if (!failed) failed = choose_processors(configuration.processor, &slot->processors, failure);
    if (!failed) {
        failed = enter_level(slot, &configuration, failure);
        if (failed) cgroups_close(&slot->cgroups);
    }
    free_configuration(&configuration);
    return failed;
}

#define USERNS_DESCRIPTION "user namespace; memory, processes and CPU time watched, not bounded by cgroups"

static void answer_ready(const struct slot *slot) {
    struct writer reply = {NULL, 0, 0};
    struct failure ignored;
    write_text(&reply, slot->level == LEVEL_FULL ? cgroups_describe(&slot->cgroups) : USERNS_DESCRIPTION);
    send_frame(STDOUT_FILENO, REPLY_READY, &reply, &ignored);
    free(reply.bytes);
}

/* Serves requests until the input ends. Returns the exit code. */
static int serve(struct slot *slot) {
    int is_set_up = 0;
    for (;;) {
        uint8_t kind;
        unsigned char *payload;
        size_t length;
        struct failure failure;
        int got = receive_frame(slot->service, &kind, &payload, &length, &failure);
        if (got == 0) return EXIT_OK;
        if (got < 0) {
            answer_failed(&failure);
            return EXIT_BROKEN_PEER;
        }
        struct reader reader = {payload, payload + length, 0};
        int broken = 0;
        if (kind == REQUEST_RUN && is_set_up) {
            broken = serve_run(slot, &reader);
        } else if (kind == REQUEST_CONFIGURE && !is_set_up) {
            broken = set_up(slot, &reader, &failure);
            is_set_up = !broken;
            if (broken) answer_failed(&failure);
            else answer_ready(slot);
        } else {
            fail(&failure, "request %u out of turn", kind);
            answer_failed(&failure);
            broken = 1;
        }
        free(payload);
        if (broken) return EXIT_BROKEN_PEER;
    }
}

/* The service's input. A constant, for the signal handler. */
enum { SERVICE = 3 };

/*
 * The service has died: its input counts as ended, even if some other process holds the far end open. (To die of the
 * signal at once would leave the cgroups behind.)
 */
static void on_orphaned(int number) {
    (void)number;
    int saved = errno;
    dup2(STDIN_FILENO, SERVICE);
    errno = saved;
}

/* Known signals and file modes, whatever the service was started with. */
static void settle(void) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    signal(SIGPIPE, SIG_IGN);
    /* A terminal or a service manager tells the whole group to end; the service ends us in its own time. */
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    struct sigaction orphaned = {.sa_handler = on_orphaned};
    sigaction(SIGUSR1, &orphaned, NULL);
    umask(022);
}

int main(void) {
    static struct slot slot;
    settle();
    /* Files that whoever started the service left open must not reach a program, nor may the service's own ends. */
    if (close_range(3, ~0u, 0) || dup3(STDIN_FILENO, SERVICE, O_CLOEXEC) < 0) return EXIT_BROKEN_PEER;
    if (close(STDIN_FILENO) || open("/dev/null", O_RDONLY) != STDIN_FILENO) return EXIT_BROKEN_PEER;
    slot.service = SERVICE;
    prctl(PR_SET_PDEATHSIG, SIGUSR1);
    int code = serve(&slot);
    cgroups_close(&slot.cgroups);
    return code;
}
