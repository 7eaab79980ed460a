// Allocation that throws. The sysroot's own ends the program instead.
#include <cstdlib>
#include <new>

namespace {

void *allocate(std::size_t bytes, std::size_t alignment) {
    if (alignment <= __STDCPP_DEFAULT_NEW_ALIGNMENT__) return std::malloc(bytes == 0 ? 1 : bytes);
    const std::size_t whole = (bytes + alignment - 1) & ~(alignment - 1);
    return whole < bytes ? nullptr : std::aligned_alloc(alignment, whole == 0 ? alignment : whole);
}

void *allocateOrThrow(std::size_t bytes, std::size_t alignment = __STDCPP_DEFAULT_NEW_ALIGNMENT__) {
    for (;;) {
        if (void *memory = allocate(bytes, alignment)) return memory;
        const std::new_handler handler = std::get_new_handler();
        if (handler == nullptr) throw std::bad_alloc();
        handler();
    }
}

void *allocateOrNull(std::size_t bytes, std::size_t alignment = __STDCPP_DEFAULT_NEW_ALIGNMENT__) {
    try {
        return allocateOrThrow(bytes, alignment);
    } catch (...) {
        return nullptr;
    }
}

constexpr std::size_t number(std::align_val_t alignment) { return static_cast<std::size_t>(alignment); }

} // namespace

using std::align_val_t, std::nothrow_t, std::size_t;

void *operator new(size_t bytes) { return allocateOrThrow(bytes); }
void *operator new[](size_t bytes) { return allocateOrThrow(bytes); }
void *operator new(size_t bytes, align_val_t to) { return allocateOrThrow(bytes, number(to)); }
void *operator new[](size_t bytes, align_val_t to) { return allocateOrThrow(bytes, number(to)); }
void *operator new(size_t bytes, const nothrow_t &) noexcept { return allocateOrNull(bytes); }
void *operator new[](size_t bytes, const nothrow_t &) noexcept { return allocateOrNull(bytes); }
void *operator new(size_t bytes, align_val_t to, const nothrow_t &) noexcept { return allocateOrNull(bytes, number(to)); }
void *operator new[](size_t bytes, align_val_t to, const nothrow_t &) noexcept { return allocateOrNull(bytes, number(to)); }

void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete[](void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, size_t) noexcept { std::free(memory); }
void operator delete[](void *memory, size_t) noexcept { std::free(memory); }
void operator delete(void *memory, align_val_t) noexcept { std::free(memory); }
void operator delete[](void *memory, align_val_t) noexcept { std::free(memory); }
void operator delete(void *memory, size_t, align_val_t) noexcept { std::free(memory); }
void operator delete[](void *memory, size_t, align_val_t) noexcept { std::free(memory); }
void operator delete(void *memory, const nothrow_t &) noexcept { std::free(memory); }
void operator delete[](void *memory, const nothrow_t &) noexcept { std::free(memory); }
void operator delete(void *memory, align_val_t, const nothrow_t &) noexcept { std::free(memory); }
void operator delete[](void *memory, align_val_t, const nothrow_t &) noexcept { std::free(memory); }
