// How a program ends that nobody catches an exception of, in the words of GCC's library.
#include "abi.h"
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>

namespace {

/// What a shell reports of a program that SIGABRT ended.
constexpr int aborted = 134;

/// Reads names of classes and of simple types, which is nearly all that is ever thrown; of others the mangled name is shown.
struct NameReader {
    std::string_view rest;
    bool failed = false;

    bool skip(std::string_view prefix) {
        if (!rest.starts_with(prefix)) return false;
        rest.remove_prefix(prefix.size());
        return true;
    }

    std::string identifier() {
        std::size_t length = 0;
        while (!rest.empty() && rest[0] >= '0' && rest[0] <= '9' && length < 1000) {
            length = length * 10 + static_cast<std::size_t>(rest[0] - '0');
            rest.remove_prefix(1);
        }
        failed = failed || length == 0 || length > rest.size();
        std::string name(rest.substr(0, length));
        rest.remove_prefix(name.size());
        return name.starts_with("_GLOBAL__N") ? "(anonymous namespace)" : name;
    }

    std::string nested() {
        std::string name = skip("St") ? "std" : identifier();
        while (!failed && !skip("E")) {
            const std::string part = identifier();
            // libc++ keeps its version in an inline namespace.
            if (name != "std" || !part.starts_with("__")) name += "::" + part;
        }
        return name;
    }

    std::string type() {
        static constexpr struct {
            std::string_view code, name;
        } simple[] = {
            {"NSt3__212basic_stringIcNS_11char_traitsIcEENS_9allocatorIcEEEE", "std::string"},
            {"i", "int"}, {"j", "unsigned int"}, {"l", "long"}, {"m", "unsigned long"}, {"x", "long long"},
            {"y", "unsigned long long"}, {"c", "char"}, {"b", "bool"}, {"d", "double"}, {"f", "float"},
            {"e", "long double"}, {"s", "short"}, {"h", "unsigned char"}, {"a", "signed char"}, {"v", "void"},
            {"n", "__int128"}, {"o", "unsigned __int128"}, {"t", "unsigned short"}, {"Dn", "decltype(nullptr)"},
        };
        for (const auto &[code, name] : simple)
            if (skip(code)) return std::string(name);
        if (skip("P")) {
            const bool isConst = skip("K");
            return type() + (isConst ? " const*" : "*");
        }
        if (skip("N")) return nested();
        return skip("St") ? "std::" + identifier() : identifier();
    }
};

std::string readable(const char *mangled) {
    NameReader reader{mangled};
    std::string name = reader.type();
    return reader.failed || !reader.rest.empty() ? mangled : name;
}

[[noreturn]] void terminated() {
    if (const support::Throw *record = support::current()) {
        void *object = record->object;
        const std::type_info *type = support::recordOf(object)->type;
        std::fprintf(stderr, "terminate called after throwing an instance of '%s'\n", readable(type->name()).c_str());
        if (support::takes(&typeid(std::exception), type, object))
            std::fprintf(stderr, "  what():  %s\n", static_cast<std::exception *>(object)->what());
    } else {
        std::fputs("terminate called without an active exception\n", stderr);
    }
    std::abort();
}

} // namespace

void support::installTerminate() { std::set_terminate(terminated); }

/// The C library's traps, which a page cannot tell from a fault of the program.
extern "C" void abort() { std::_Exit(aborted); }
