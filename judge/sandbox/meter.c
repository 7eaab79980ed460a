#include "meter.h"

#include <string.h>

int meter_open(struct meter *meter, enum level level, const struct cgroups *cgroups, const struct limits *limits,
               struct failure *failure) {
    memset(meter, 0, sizeof *meter);
    meter->level = level;
    meter->limits = limits;
    watch_clear(&meter->watch);
    return level == LEVEL_FULL ? cgroup_create(&meter->cgroup, cgroups, limits, failure) : 0;
}

void meter_start(struct meter *meter, int proc, pid_t init) {
    if (meter->level == LEVEL_USERNS) watch_start(&meter->watch, proc, init);
}

uint64_t meter_pause_ns(const struct meter *meter) {
    const uint64_t millisecond = 1000000;
    /* A cgroup needs no watching over; without one, memory can be exceeded for as long as nobody looks. */
    return (meter->level == LEVEL_FULL ? 50 : 5) * millisecond;
}

static uint64_t larger(uint64_t a, uint64_t b) { return a > b ? a : b; }

static int read_cgroup(struct meter *meter, uint64_t *cpu_ns) {
    uint64_t bytes;
    int out = cgroup_ran_out_of_memory(&meter->cgroup);
    if (out < 0 || cgroup_cpu_ns(&meter->cgroup, cpu_ns)) return -1;
    if (cgroup_memory_bytes(&meter->cgroup, &bytes, &meter->knows_peak)) return -1;
    meter->peak_bytes = larger(meter->peak_bytes, bytes);
    meter->out_of_memory = out;
    return 0;
}

static int read_watch(struct meter *meter, uint64_t *cpu_ns) {
    uint64_t bytes;
    if (watch_look(&meter->watch, meter->limits->memory_bytes, cpu_ns, &bytes)) return -1;
    meter->peak_bytes = larger(meter->peak_bytes, bytes);
    if (bytes > meter->limits->memory_bytes) meter->out_of_memory = 1;
    return 0;
}

/* What is left of `cpu_ns` when the set-up's share is taken off. */
static uint64_t own_share(const struct meter *meter, uint64_t cpu_ns) {
    return cpu_ns > meter->setup_ns ? cpu_ns - meter->setup_ns : 0;
}

int meter_read(struct meter *meter, struct usage *usage) {
    uint64_t cpu_ns;
    if (meter->level == LEVEL_FULL ? read_cgroup(meter, &cpu_ns) : read_watch(meter, &cpu_ns)) return -1;
    *usage = (struct usage){own_share(meter, cpu_ns), meter->peak_bytes, meter->out_of_memory};
    return 0;
}

int meter_conclude(struct meter *meter, uint64_t cpu_ns, uint64_t peak_bytes, struct usage *usage) {
    if (meter->level == LEVEL_FULL) {
        if (meter_read(meter, usage)) return -1;
        if (!meter->knows_peak) usage->peak_bytes = larger(usage->peak_bytes, peak_bytes);
        return 0;
    }
    cpu_ns = larger(meter->watch.cpu_ns, cpu_ns);
    *usage = (struct usage){own_share(meter, cpu_ns), larger(meter->peak_bytes, peak_bytes), meter->out_of_memory};
    return 0;
}

void meter_close(struct meter *meter) {
    if (meter->level == LEVEL_FULL) cgroup_remove(&meter->cgroup);
    else watch_end(&meter->watch);
}
