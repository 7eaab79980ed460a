#include "request.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_ARGUMENTS = 512, MAX_BINDS = 64, MAX_MOUNTS = 3 };

/* Where a folder of the store may appear in the jail. The folders exist in its root, made by jail.c. */
static const char *const mount_points[] = {"/box", "/data", "/pch", NULL};

/* So that every path with what is put before it fits the buffers of jail.c. */
enum { MAX_PATH_BYTES = 900 };

/* Whether `path` is a sequence of plain names: not absolute, nothing empty, no `.` or `..`. */
static int is_inside(const char *path) {
    if (strlen(path) > MAX_PATH_BYTES) return 0;
    for (;;) {
        size_t length = strcspn(path, "/");
        if (length == 0 || (length == 1 && path[0] == '.') || (length == 2 && !strncmp(path, "..", 2))) return 0;
        if (!path[length]) return 1;
        path += length + 1;
    }
}

/* Whether `path` is absolute and plain after its first slash. */
static int is_absolute(const char *path) { return path[0] == '/' && is_inside(path + 1); }

/* Reads a counted array of binds. */
static struct bind *read_binds(struct reader *reader, uint32_t *count, uint32_t most) {
    uint32_t announced = read_u32(reader);
    if (reader->bad || announced > most) {
        reader->bad = 1;
        return NULL;
    }
    struct bind *binds = calloc((size_t)announced + 1, sizeof *binds);
    if (!binds) abort();
    *count = announced;
    for (uint32_t i = 0; i < announced; i++) {
        binds[i].from = read_text(reader);
        binds[i].to = read_text(reader);
    }
    return binds;
}

static void free_binds(struct bind *binds, uint32_t count) {
    for (uint32_t i = 0; binds && i < count; i++) {
        free(binds[i].from);
        free(binds[i].to);
    }
    free(binds);
}

int decode_configuration(struct reader *reader, struct configuration *configuration, struct failure *failure) {
    memset(configuration, 0, sizeof *configuration);
    uint8_t level = read_u8(reader);
    configuration->level = level == LEVEL_USERNS ? LEVEL_USERNS : LEVEL_FULL;
    configuration->uid = read_u32(reader);
    configuration->processor = read_u32(reader);
    configuration->jail = read_text(reader);
    configuration->store = read_text(reader);
    configuration->root = read_text(reader);
    configuration->binds = read_binds(reader, &configuration->bind_count, MAX_BINDS);
    if (reader->bad || reader->at != reader->end) return fail(failure, "a malformed configuration");
    if (level != LEVEL_FULL && level != LEVEL_USERNS) return fail(failure, "no sandbox level has the number %u", level);
    if (configuration->uid == 0 || configuration->uid == (uint32_t)-1)
        return fail(failure, "programs may not run as user %u", configuration->uid);
    if (!is_absolute(configuration->jail) || !is_absolute(configuration->store))
        return fail(failure, "the jail's and the store's paths must be absolute, plain and not too long");
    if (strcmp(configuration->root, "/") && !is_absolute(configuration->root))
        return fail(failure, "the root's path must be absolute, plain and not too long: %s", configuration->root);
    for (uint32_t i = 0; i < configuration->bind_count; i++) {
        struct bind *bind = &configuration->binds[i];
        if (!is_absolute(bind->from) || !is_absolute(bind->to))
            return fail(failure, "a bind's paths must be absolute, plain and not too long: %s, %s", bind->from, bind->to);
    }
    return 0;
}

void free_configuration(struct configuration *configuration) {
    free(configuration->jail);
    free(configuration->store);
    free(configuration->root);
    free_binds(configuration->binds, configuration->bind_count);
}

static void read_limits(struct reader *reader, struct limits *limits) {
    limits->cpu_ns = (uint64_t)read_u32(reader) * 1000000;
    limits->wall_ns = (uint64_t)read_u32(reader) * 1000000;
    limits->memory_bytes = read_u64(reader);
    limits->output_bytes = read_u64(reader);
    limits->error_bytes = read_u64(reader);
    limits->work_bytes = read_u64(reader);
    limits->work_inodes = read_u32(reader);
    limits->processes = read_u32(reader);
}

/* Limits that would mean "none" to the kernel, or that this process could not hold, are refused. */
static int check_limits(const struct limits *limits, struct failure *failure) {
    const uint64_t gibibyte = 1ull << 30;
    if (!limits->cpu_ns || !limits->wall_ns || !limits->processes || !limits->work_inodes)
        return fail(failure, "a time, process or file limit is missing");
    if (limits->memory_bytes < (1 << 20) || limits->memory_bytes > 1024 * gibibyte)
        return fail(failure, "a memory limit of %llu bytes", (unsigned long long)limits->memory_bytes);
    if (!limits->work_bytes || limits->work_bytes > 64 * gibibyte)
        return fail(failure, "a work folder of %llu bytes", (unsigned long long)limits->work_bytes);
    if (limits->output_bytes > gibibyte || limits->error_bytes > gibibyte)
        return fail(failure, "more than 1 GiB of output kept");
    return 0;
}

static int check_mount(const struct bind *mount, struct failure *failure) {
    if (!is_inside(mount->from)) return fail(failure, "not a path inside the store: %s", mount->from);
    for (const char *const *point = mount_points; *point; point++)
        if (!strcmp(*point, mount->to)) return 0;
    return fail(failure, "not a mount point of the jail: %s", mount->to);
}

static int decode_program(struct reader *reader, struct program *program, struct failure *failure) {
    program->argv = read_list(reader, MAX_ARGUMENTS);
    program->env = read_list(reader, MAX_ARGUMENTS);
    program->input = read_text(reader);
    program->files = read_text(reader);
    program->collect = read_text(reader);
    program->mounts = read_binds(reader, &program->mount_count, MAX_MOUNTS);
    read_limits(reader, &program->limits);
    if (reader->bad) return fail(failure, "a malformed run request");
    if (!program->argv[0]) return fail(failure, "no program to run");
    if (program->input[0] && !is_inside(program->input))
        return fail(failure, "not a path inside the store: %s", program->input);
    if (program->files[0] && !is_inside(program->files))
        return fail(failure, "not a path inside the store: %s", program->files);
    if (program->collect[0] && !is_inside(program->collect))
        return fail(failure, "not a path inside the store: %s", program->collect);
    for (uint32_t i = 0; i < program->mount_count; i++)
        if (check_mount(&program->mounts[i], failure)) return -1;
    return check_limits(&program->limits, failure);
}

int decode_run(struct reader *reader, struct program programs[2], int *count, struct failure *failure) {
    memset(programs, 0, 2 * sizeof *programs);
    *count = read_u8(reader);
    if (*count != 1 && *count != 2) {
        *count = 0;
        return fail(failure, "a run of neither one nor two programs");
    }
    for (int i = 0; i < *count; i++)
        if (decode_program(reader, &programs[i], failure)) return -1;
    if (reader->at != reader->end) return fail(failure, "a run request with bytes left over");
    return 0;
}

void free_programs(struct program programs[2], int count) {
    for (int i = 0; i < count; i++) {
        free_list(programs[i].argv);
        free_list(programs[i].env);
        free(programs[i].input);
        free(programs[i].files);
        free(programs[i].collect);
        free_binds(programs[i].mounts, programs[i].mount_count);
    }
}
