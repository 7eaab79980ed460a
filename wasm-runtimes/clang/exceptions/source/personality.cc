// Which of a try block's handlers takes an exception. In WebAssembly the engine unwinds to every landing pad that catches; the code
// there asks here for the number of the handler and compares. Tool conventions, "Exception Handling"; LSDA as on other platforms.
#include "abi.h"

/// The compiler writes the first two fields before it calls `_Unwind_CallPersonality` and reads the third after.
extern "C" struct {
    std::uintptr_t pad;
    const std::uint8_t *table;
    std::uintptr_t selector;
} __wasm_lpad_context;
decltype(__wasm_lpad_context) __wasm_lpad_context;

namespace {

struct Reader {
    const std::uint8_t *at;

    std::uint8_t byte() { return *at++; }

    std::uintptr_t unsignedNumber() { return number(nullptr); }

    std::intptr_t signedNumber() {
        unsigned bits = 0;
        std::uintptr_t value = number(&bits);
        if (bits < 8 * sizeof value && (value >> (bits - 1) & 1) != 0) value |= ~std::uintptr_t{0} << bits;
        return static_cast<std::intptr_t>(value);
    }

private:
    std::uintptr_t number(unsigned *width) {
        std::uintptr_t value = 0;
        unsigned bits = 0;
        for (std::uint8_t next = 0x80; (next & 0x80) != 0; bits += 7) {
            next = byte();
            if (bits < 8 * sizeof value) value |= static_cast<std::uintptr_t>(next & 0x7f) << bits;
        }
        if (width != nullptr) *width = bits;
        return value;
    }
};

constexpr std::uint8_t omitted = 0xff;

/// @returns the number of the first handler that takes the exception, 0 where none does
std::uintptr_t select(const std::uint8_t *table, std::uintptr_t pad, support::Throw *record) {
    Reader header{table};
    if (header.byte() != omitted) header.unsignedNumber();
    if (header.byte() == omitted) return 0;
    const std::uintptr_t typesFromHere = header.unsignedNumber();
    auto *types = reinterpret_cast<const std::type_info *const *>(header.at + typesFromHere);
    header.byte();
    const std::uintptr_t padBytes = header.unsignedNumber();
    const std::uint8_t *actions = header.at + padBytes;

    // The table of landing pads: their number, and one more than the place of their first action.
    std::uintptr_t first = 0;
    for (Reader pads{header.at}; pads.at < actions && first == 0;) {
        const std::uintptr_t number = pads.unsignedNumber(), action = pads.unsignedNumber();
        if (number == pad) first = action;
    }
    if (first == 0) return 0;

    for (Reader action{actions + first - 1};;) {
        const std::intptr_t type = action.signedNumber();
        const std::uint8_t *here = action.at;
        const std::intptr_t next = action.signedNumber();
        if (type > 0) {
            const std::type_info *caught = types[-type];
            void *object = record->object;
            if (caught == nullptr || support::takes(caught, support::recordOf(object)->type, object)) {
                record->adjusted = object;
                return static_cast<std::uintptr_t>(type);
            }
        }
        if (next == 0) return 0;
        action.at = here + next;
    }
}

} // namespace

extern "C" int _Unwind_CallPersonality(void *carried) {
    auto *record = static_cast<support::Throw *>(carried);
    __wasm_lpad_context.selector = select(__wasm_lpad_context.table, __wasm_lpad_context.pad, record);
    return 0;
}
