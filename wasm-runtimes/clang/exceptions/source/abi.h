// What the parts of the support share. Itanium C++ ABI, "Exception Handling", level II, says what each entry point must do; where an
// exception is between a throw and its handler is the affair of the engine, which unwinds by itself.
#pragma once
#include <cstddef>
#include <cstdint>
#include <typeinfo>

namespace support {

/// On WebAssembly a destructor returns its object.
using Destroy = void *(*)(void *);

/// One throw, from `throw` until the last handler has ended. What the engine carries is its address.
///
/// A thrown object lies directly after its record. `std::rethrow_exception` makes a further record for an object that may be in
/// flight or in a handler already: that one refers to the object and counts as one of its owners.
///
///     raised --begin_catch--> handled --end_catch--> gone (with the last owner, the object too)
///        ^                       |
///        '-------- rethrow ------'
struct alignas(16) Throw {
    void *object;
    /// Where the handler sees the object: its base class, say. The pointer itself for what catches a pointer.
    void *adjusted;
    /// The handled exception that was handled when this one was caught.
    Throw *outer;
    /// Handlers that are active; below zero while it is raised again from within them.
    int handlers;
    // The rest only counts in the record that lies before its object.
    const std::type_info *type;
    Destroy destroy;
    int owners;
};

/// Clang finds the object of `catch (T *&)` this far behind what the engine carries.
static_assert(sizeof(Throw) == 32);

inline Throw *recordOf(void *object) { return static_cast<Throw *>(object) - 1; }

/// Whether a handler for `caught` takes an object of type `thrown`; if it does, `object` becomes what the handler sees.
bool takes(const std::type_info *caught, const std::type_info *thrown, void *&object);

/// What `std::terminate` would speak of: the exception in flight, else the one handled last, else null.
const Throw *current();

/// Installs the words that people know from GCC.
void installTerminate();

} // namespace support
