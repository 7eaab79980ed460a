#define _GNU_SOURCE
#include "seccomp.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define NATIVE_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the sandbox's system call filter is written for x86_64 and aarch64"
#endif

/* A namespace of one's own would bring capabilities in it back. CLONE_NEWTIME cannot be given to clone(). */
#define NAMESPACE_FLAGS                                                                                         \
    (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

/* Refused with EPERM. A call that this kernel's headers or this architecture do not know is left out. */
static const uint32_t refused[] = {
    /* mounts and roots */
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_swapon, SYS_swapoff, SYS_quotactl, SYS_acct,
#ifdef SYS_fsopen
    SYS_fsopen, SYS_fsconfig, SYS_fsmount, SYS_fspick, SYS_move_mount, SYS_open_tree,
#endif
#ifdef SYS_mount_setattr
    SYS_mount_setattr,
#endif
#ifdef SYS_quotactl_fd
    SYS_quotactl_fd,
#endif
#ifdef SYS_listmount
    SYS_listmount, SYS_statmount,
#endif
    /* namespaces */
    SYS_unshare, SYS_setns, SYS_sethostname, SYS_setdomainname,
    /* other processes */
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, SYS_sched_setaffinity,
#ifdef SYS_pidfd_getfd
    SYS_pidfd_getfd,
#endif
#ifdef SYS_process_madvise
    SYS_process_madvise,
#endif
    /* the kernel itself */
    SYS_kexec_load, SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_reboot, SYS_syslog, SYS_bpf,
    SYS_perf_event_open, SYS_personality, SYS_vhangup, SYS_lookup_dcookie, SYS_nfsservctl,
#ifdef SYS_kexec_file_load
    SYS_kexec_file_load,
#endif
#ifdef SYS_iopl
    SYS_iopl, SYS_ioperm, SYS_modify_ldt,
#endif
    /* keyrings are not in any namespace */
    SYS_add_key, SYS_request_key, SYS_keyctl,
    /* clocks */
    SYS_settimeofday, SYS_clock_settime, SYS_adjtimex, SYS_clock_adjtime,
    /* wide interfaces with a history */
    SYS_userfaultfd, SYS_name_to_handle_at, SYS_open_by_handle_at, SYS_fanotify_init, SYS_fanotify_mark,
    SYS_mbind, SYS_set_mempolicy, SYS_migrate_pages, SYS_move_pages,
#ifdef SYS_io_uring_setup
    SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register,
#endif
#ifdef SYS_memfd_secret
    SYS_memfd_secret,
#endif
};

/* Memory that belongs to no process: where no cgroup counts it, nobody would. The same goes for shared mappings, below. */
static const uint32_t refused_uncounted[] = {SYS_shmget, SYS_msgget, SYS_semget, SYS_memfd_create};

enum {
    REFUSED_COUNT = sizeof refused / sizeof refused[0],
    REFUSED_UNCOUNTED_COUNT = sizeof refused_uncounted / sizeof refused_uncounted[0],
};

/* The longest the program can get: two steps for each refused call, and the fixed part below. */
enum { MAX_STEPS = 2 * (REFUSED_COUNT + REFUSED_UNCOUNTED_COUNT) + 128 };

static struct sock_filter steps[MAX_STEPS];
static struct sock_fprog filter;

static void add(uint16_t code, uint32_t operand, uint8_t if_true, uint8_t if_false) {
    steps[filter.len++] = (struct sock_filter){code, if_true, if_false, operand};
}

static void load(size_t offset) { add(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0); }
static void decide(uint32_t action) { add(BPF_RET | BPF_K, action, 0, 0); }
static void refuse(int error) { decide(SECCOMP_RET_ERRNO | (uint32_t)error); }

/* Where the low half of a call's argument lies; both architectures are little-endian. */
static size_t argument(int index) { return offsetof(struct seccomp_data, args) + 8 * (size_t)index; }

/* Opens a block of `length` steps that only the call `number` enters. */
static void on_call(uint32_t number, uint8_t length) { add(BPF_JMP | BPF_JEQ | BPF_K, number, 0, length); }

static void refuse_all(const uint32_t *calls, size_t count) {
    for (size_t i = 0; i < count; i++) {
        on_call(calls[i], 1);
        refuse(EPERM);
    }
}

/* A call that fails with `error` (0: says that it was done) when one of its arguments is `value`. */
static void refuse_if(uint32_t call, int index, uint32_t value, int error) {
    on_call(call, 4);
    load(argument(index));
    add(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
    refuse(error);
    decide(SECCOMP_RET_ALLOW);
}

/*
 * Where processes are watched from outside, what they use must stay in sight: pages that are mapped by a process which
 * has not touched them are nobody's, and children of one that ignores SIGCHLD take their CPU time with them. That signal
 * stays as it is; whoever would change it is told that it was done, as Node.js ends itself when it cannot.
 */
static void refuse_unseen(void) {
    refuse_all(refused_uncounted, REFUSED_UNCOUNTED_COUNT);
    on_call(SYS_mmap, 5);
    load(argument(3));
    add(BPF_ALU | BPF_AND | BPF_K, MAP_SHARED | MAP_ANONYMOUS, 0, 0);
    add(BPF_JMP | BPF_JEQ | BPF_K, MAP_SHARED | MAP_ANONYMOUS, 0, 1);
    refuse(EPERM);
    decide(SECCOMP_RET_ALLOW);
    refuse_if(SYS_rt_sigaction, 0, SIGCHLD, 0);
}

/* Where there is but one user, the init is no other's: what the kernel allows among one's own is refused by its number. */
static void refuse_init(void) {
    static const uint32_t first[] = {SYS_kill,     SYS_tkill,    SYS_tgkill,    SYS_rt_sigqueueinfo,   SYS_rt_tgsigqueueinfo,
                                     SYS_prlimit64, SYS_setpgid, SYS_pidfd_open, SYS_sched_setscheduler, SYS_sched_setparam,
                                     SYS_sched_setattr};
    for (size_t i = 0; i < sizeof first / sizeof first[0]; i++) refuse_if(first[i], 0, 1, EPERM);
    refuse_if(SYS_setpriority, 1, 1, EPERM);
    refuse_if(SYS_ioprio_set, 1, 1, EPERM);
}

const struct sock_fprog *seccomp_filter(enum level level) {
    if (filter.len) return &filter;
    filter.filter = steps;

    /* Another architecture's numbers would mean other calls. */
    load(offsetof(struct seccomp_data, arch));
    add(BPF_JMP | BPF_JEQ | BPF_K, NATIVE_ARCHITECTURE, 1, 0);
    decide(SECCOMP_RET_KILL_PROCESS);
    load(offsetof(struct seccomp_data, nr));
#if defined(__x86_64__)
    /* The x32 calls: the same architecture, with bit 30 set in the number. */
    add(BPF_JMP | BPF_JGE | BPF_K, 0x40000000u, 0, 1);
    refuse(ENOSYS);
#endif
    refuse_all(refused, REFUSED_COUNT);
    if (level == LEVEL_USERNS) {
        refuse_unseen();
        refuse_init();
    }
    /* The flags of clone3 lie in memory, out of a filter's sight; the C library then falls back to clone. */
    on_call(SYS_clone3, 1);
    refuse(ENOSYS);
    on_call(SYS_clone, 4);
    load(argument(0));
    add(BPF_JMP | BPF_JSET | BPF_K, NAMESPACE_FLAGS, 0, 1);
    refuse(EPERM);
    decide(SECCOMP_RET_ALLOW);
    on_call(SYS_socket, 4);
    load(argument(0));
    add(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 1, 0);
    refuse(EPERM);
    decide(SECCOMP_RET_ALLOW);
    decide(SECCOMP_RET_ALLOW);
    return &filter;
}

int seccomp_enter(const struct sock_fprog *program) {
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0);
}
