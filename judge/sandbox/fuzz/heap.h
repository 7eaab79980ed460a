/* What AddressSanitizer's allocator knows. (gcc does not everywhere come with sanitizer/allocator_interface.h.) */
#ifndef FUZZ_HEAP_H
#define FUZZ_HEAP_H

#include <stddef.h>

/* The bytes asked for and not freed yet. */
size_t __sanitizer_get_current_allocated_bytes(void);

#endif
