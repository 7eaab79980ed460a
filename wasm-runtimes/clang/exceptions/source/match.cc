// Which handler takes which object, by the run-time type information that the compiler emits (Itanium C++ ABI, "RTTI Layout").
#include "abi.h"

// Each kind of type has a class of its own in the ABI; which one a description is of tells its virtual table.
#define TABLE(name, symbol) extern "C" const void *const name[] __asm__(symbol)
TABLE(classTable, "_ZTVN10__cxxabiv117__class_type_infoE");
TABLE(singleTable, "_ZTVN10__cxxabiv120__si_class_type_infoE");
TABLE(multipleTable, "_ZTVN10__cxxabiv121__vmi_class_type_infoE");
TABLE(pointerTable, "_ZTVN10__cxxabiv119__pointer_type_infoE");
TABLE(memberTable, "_ZTVN10__cxxabiv129__pointer_to_member_type_infoE");

namespace {

/// The fields that every description begins with, and those that its kind adds.
struct Description {
    const void *const *table;
    const char *name;
};
struct SingleBase : Description {
    const std::type_info *base;
};
struct Base {
    const std::type_info *type;
    /// Offset in the object, or in the virtual table where the base is virtual, above eight bits of flags.
    long offset;
    static constexpr long isVirtual = 1, isPublic = 2;
};
struct MultipleBases : Description {
    unsigned flags;
    unsigned count;
    Base bases[1];
};
struct Pointer : Description {
    unsigned flags;
    const std::type_info *pointee;
    static constexpr unsigned isConst = 1, qualifiers = 1 | 2 | 4, functionQualifiers = 0x20 | 0x40;
};
struct Member : Pointer {
    const std::type_info *memberOf;
};

const Description *describe(const std::type_info *type) { return reinterpret_cast<const Description *>(type); }

bool isKind(const std::type_info *type, const void *const *table) { return describe(type)->table == table + 2; }

bool isClass(const std::type_info *type) {
    return isKind(type, classTable) || isKind(type, singleTable) || isKind(type, multipleTable);
}

/// A walk over all base classes: the handler's must be there once, and be reached by public inheritance.
struct Search {
    const std::type_info *wanted;
    /// There may be no object: a null pointer converts too. Its bases only need to be told apart.
    bool exists;
    std::uintptr_t found = 0;
    bool any = false, isPublic = false, ambiguous = false;

    void visit(const std::type_info *type, std::uintptr_t place, bool reached) {
        if (*type == *wanted) {
            ambiguous = ambiguous || (any && found != place);
            any = true;
            found = place;
            isPublic = isPublic || reached;
        } else if (isKind(type, singleTable)) {
            visit(static_cast<const SingleBase *>(describe(type))->base, place, reached);
        } else if (isKind(type, multipleTable)) {
            auto *bases = static_cast<const MultipleBases *>(describe(type));
            for (unsigned index = 0; index < bases->count; ++index) {
                const Base &base = bases->bases[index];
                visit(base.type, placeOf(base, place), reached && (base.offset & Base::isPublic) != 0);
            }
        }
    }

    std::uintptr_t placeOf(const Base &base, std::uintptr_t place) const {
        const long offset = base.offset >> 8;
        if ((base.offset & Base::isVirtual) == 0) return place + offset;
        // A virtual base is there once, whatever leads to it.
        if (!exists) return reinterpret_cast<std::uintptr_t>(base.type);
        return place + *reinterpret_cast<const long *>(*reinterpret_cast<const char *const *>(place) + offset);
    }
};

bool isBase(const std::type_info *caught, const std::type_info *thrown, void *&object) {
    if (!isClass(caught) || !isClass(thrown)) return false;
    Search search{caught, object != nullptr};
    search.visit(thrown, reinterpret_cast<std::uintptr_t>(object), true);
    if (!search.isPublic || search.ambiguous) return false;
    if (search.exists) object = reinterpret_cast<void *>(search.found);
    return true;
}

/// Qualification may be added, and from the second level on only below const.
bool qualifies(const Pointer *caught, const Pointer *thrown) {
    return (thrown->flags & ~caught->flags & Pointer::qualifiers) == 0 &&
           (caught->flags & ~thrown->flags & Pointer::functionQualifiers) == 0;
}

bool similar(const std::type_info *caught, const std::type_info *thrown, bool belowConst) {
    if (*caught == *thrown) return true;
    const bool pointers = isKind(caught, pointerTable) && isKind(thrown, pointerTable);
    const bool members = isKind(caught, memberTable) && isKind(thrown, memberTable);
    if (!belowConst || (!pointers && !members)) return false;
    auto *to = static_cast<const Pointer *>(describe(caught)), *from = static_cast<const Pointer *>(describe(thrown));
    if (members && *static_cast<const Member *>(to)->memberOf != *static_cast<const Member *>(from)->memberOf)
        return false;
    return qualifies(to, from) && similar(to->pointee, from->pointee, (to->flags & Pointer::isConst) != 0);
}

bool takesPointer(const Pointer *caught, const Pointer *thrown, void *&value) {
    if (!qualifies(caught, thrown)) return false;
    if (similar(caught->pointee, thrown->pointee, (caught->flags & Pointer::isConst) != 0)) return true;
    const bool function = *describe(thrown->pointee)->name == 'F';
    if (*caught->pointee == typeid(void)) return !function;
    return isBase(caught->pointee, thrown->pointee, value);
}

bool takesMember(const Member *caught, const Member *thrown) {
    return *caught->memberOf == *thrown->memberOf && qualifies(caught, thrown) &&
           similar(caught->pointee, thrown->pointee, (caught->flags & Pointer::isConst) != 0);
}

} // namespace

bool support::takes(const std::type_info *caught, const std::type_info *thrown, void *&object) {
    if (isKind(caught, pointerTable)) {
        if (*thrown == typeid(decltype(nullptr))) {
            object = nullptr;
            return true;
        }
        if (!isKind(thrown, pointerTable)) return false;
        void *value = *static_cast<void **>(object);
        if (!takesPointer(static_cast<const Pointer *>(describe(caught)), static_cast<const Pointer *>(describe(thrown)), value))
            return false;
        object = value;
        return true;
    }
    if (*caught == *thrown) return true;
    if (isKind(caught, memberTable) && isKind(thrown, memberTable))
        return takesMember(static_cast<const Member *>(describe(caught)), static_cast<const Member *>(describe(thrown)));
    return isBase(caught, thrown, object);
}
