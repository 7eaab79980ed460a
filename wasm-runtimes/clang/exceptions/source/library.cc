// Throws out of the library. The sysroot's libc++ was built without exceptions: where it would throw, it calls the function that
// libc++ lets a program replace, with a sentence that names the exception. Ours throws that exception; the library's frames have
// nothing to clean up that matters.
#include "abi.h"
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <ios>
#include <memory>
#include <new>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace {

template <class Error> [[noreturn]] void plain(std::va_list) { throw Error(); }
template <class Error> [[noreturn]] void withMessage(std::va_list details) { throw Error(va_arg(details, const char *)); }

[[noreturn]] void systemError(std::va_list details) {
    const int code = va_arg(details, int);
    const char *message = va_arg(details, const char *);
    throw std::system_error(std::error_code(code, std::generic_category()), message);
}

constexpr struct {
    std::string_view name;
    void (*raise)(std::va_list);
} kinds[] = {
    {"logic_error", withMessage<std::logic_error>},
    {"domain_error", withMessage<std::domain_error>},
    {"invalid_argument", withMessage<std::invalid_argument>},
    {"length_error", withMessage<std::length_error>},
    {"out_of_range", withMessage<std::out_of_range>},
    {"runtime_error", withMessage<std::runtime_error>},
    {"range_error", withMessage<std::range_error>},
    {"overflow_error", withMessage<std::overflow_error>},
    {"underflow_error", withMessage<std::underflow_error>},
    {"ios_base::failure", withMessage<std::ios_base::failure>},
    {"system_error", systemError},
    {"bad_alloc", plain<std::bad_alloc>},
    {"bad_array_new_length", plain<std::bad_array_new_length>},
    {"bad_cast", plain<std::bad_cast>},
    {"bad_function_call", plain<std::bad_function_call>},
    {"bad_weak_ptr", plain<std::bad_weak_ptr>},
};

} // namespace

// By its name in object files: the library declares it noexcept, and it is called from code that cannot know.
extern "C" [[noreturn]] void raiseForLibrary(const char *sentence, ...) __asm__("_ZNSt3__222__libcpp_verbose_abortEPKcz");

void raiseForLibrary(const char *sentence, ...) {
    std::va_list details;
    va_start(details, sentence);
    const std::string_view text = sentence;
    const std::string_view name = text.substr(0, text.find(" was thrown"));
    for (const auto &kind : kinds)
        if (name == kind.name) kind.raise(details);
    std::vfprintf(stderr, sentence, details);
    va_end(details);
    std::abort();
}

extern "C" {
[[noreturn]] void __cxa_bad_cast() { throw std::bad_cast(); }
[[noreturn]] void __cxa_bad_typeid() { throw std::bad_typeid(); }
[[noreturn]] void __cxa_throw_bad_array_new_length() { throw std::bad_array_new_length(); }
}
