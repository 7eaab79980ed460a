// What malloc() takes memory by, in the place of the C library's own: the same, and it notes that there was no more.
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#define PAGE 65536

static int refused;

__attribute__((export_name("tabarena_memory_refused"))) int tabarena_memory_refused(void) { return refused; }

void *sbrk(intptr_t increment) {
    if (increment == 0) return (void *)(__builtin_wasm_memory_size(0) * PAGE);
    if (increment < 0 || increment % PAGE != 0) abort();
    const uintptr_t before = __builtin_wasm_memory_grow(0, (uintptr_t)increment / PAGE);
    if (before != UINTPTR_MAX) return (void *)(before * PAGE);
    refused = 1;
    errno = ENOMEM;
    return (void *)-1;
}
