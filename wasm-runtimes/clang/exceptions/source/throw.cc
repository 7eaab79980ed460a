// Raising, catching and sharing of exceptions.
#include "abi.h"
#include <cstdlib>
#include <exception>

using support::recordOf;
using support::Throw;

namespace {

/// One thread, so plain variables.
Throw *handled = nullptr;
Throw *inFlight = nullptr;
unsigned uncaught = 0;

/// Exceptions must be possible when memory has run out: that is what most of these are for.
struct Reserve {
    static constexpr int places = 16, size = 256;
    alignas(16) char memory[places][size];
    bool taken[places];

    void *take(std::size_t bytes) {
        for (int place = 0; bytes <= size && place < places; ++place) {
            if (taken[place]) continue;
            taken[place] = true;
            return memory[place];
        }
        return nullptr;
    }
    bool giveBack(void *given) {
        auto offset = static_cast<char *>(given) - memory[0];
        if (offset < 0 || offset >= static_cast<std::ptrdiff_t>(sizeof memory)) return false;
        taken[offset / size] = false;
        return true;
    }
} reserve;

void *allocate(std::size_t bytes) {
    void *memory = std::malloc(bytes);
    if (memory == nullptr) memory = reserve.take(bytes);
    if (memory == nullptr) std::terminate();
    return memory;
}

void release(void *memory) {
    if (!reserve.giveBack(memory)) std::free(memory);
}

Throw *prepare(void *object, std::type_info *type, support::Destroy destroy) {
    Throw *record = recordOf(object);
    record->object = record->adjusted = object;
    record->type = type;
    record->destroy = destroy;
    return record;
}

void disown(void *object) {
    Throw *record = recordOf(object);
    if (--record->owners > 0) return;
    if (record->destroy != nullptr) record->destroy(object);
    release(record);
}

[[noreturn]] void raise(Throw *record) {
    ++uncaught;
    inFlight = record;
    __builtin_wasm_throw(0, record);
}

} // namespace

const Throw *support::current() { return inFlight != nullptr ? inFlight : handled; }

extern "C" {

void *__cxa_allocate_exception(std::size_t bytes) noexcept {
    auto *record = static_cast<Throw *>(allocate(sizeof(Throw) + bytes));
    *record = Throw{};
    return record + 1;
}

void __cxa_free_exception(void *object) noexcept { release(recordOf(object)); }

// The caller of this one counts the first owner itself.
__cxxabiv1::__cxa_exception *
__cxa_init_primary_exception(void *object, std::type_info *type, support::Destroy destroy) noexcept {
    return reinterpret_cast<__cxxabiv1::__cxa_exception *>(prepare(object, type, destroy));
}

[[noreturn]] void __cxa_throw(void *object, std::type_info *type, support::Destroy destroy) {
    Throw *record = prepare(object, type, destroy);
    record->owners = 1;
    raise(record);
}

void *__cxa_get_exception_ptr(void *carried) noexcept { return static_cast<Throw *>(carried)->adjusted; }

void *__cxa_begin_catch(void *carried) noexcept {
    auto *record = static_cast<Throw *>(carried);
    record->handlers = (record->handlers < 0 ? -record->handlers : record->handlers) + 1;
    if (record != handled) {
        record->outer = handled;
        handled = record;
    }
    --uncaught;
    inFlight = nullptr;
    return record->adjusted;
}

void __cxa_end_catch() {
    Throw *record = handled;
    if (record == nullptr) return;
    const bool raisedAgain = record->handlers < 0;
    record->handlers += raisedAgain ? 1 : -1;
    if (record->handlers != 0) return;
    handled = record->outer;
    if (raisedAgain) return;
    void *object = record->object;
    if (record != recordOf(object)) release(record);
    disown(object);
}

[[noreturn]] void __cxa_rethrow() {
    if (handled == nullptr) std::terminate();
    handled->handlers = -handled->handlers;
    raise(handled);
}

std::type_info *__cxa_current_exception_type() {
    return handled == nullptr ? nullptr : const_cast<std::type_info *>(recordOf(handled->object)->type);
}

bool __cxa_uncaught_exception() noexcept { return uncaught != 0; }
unsigned __cxa_uncaught_exceptions() noexcept { return uncaught; }

// What std::exception_ptr is made of: the object, counted.

void __cxa_increment_exception_refcount(void *object) noexcept {
    if (object != nullptr) ++recordOf(object)->owners;
}

void __cxa_decrement_exception_refcount(void *object) noexcept {
    if (object != nullptr) disown(object);
}

void *__cxa_current_primary_exception() noexcept {
    if (handled == nullptr) return nullptr;
    __cxa_increment_exception_refcount(handled->object);
    return handled->object;
}

void __cxa_rethrow_primary_exception(void *object) {
    if (object == nullptr) return;
    auto *record = static_cast<Throw *>(allocate(sizeof(Throw)));
    *record = Throw{};
    record->object = record->adjusted = object;
    __cxa_increment_exception_refcount(object);
    raise(record);
}

} // extern "C"
