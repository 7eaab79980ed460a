// Reading and writing of whole numbers through streams, without a locale's facets where they would change nothing. Defined by their
// names in object files, so that they stand in for the templates' own.
#include "streams.h"
#include <charconv>
#include <iterator>
#include <limits>
#include <locale>
#include <type_traits>

namespace support {
extern const char quickNumbers = 0;
}

namespace {

using std::ios_base;

/// The place where a stream keeps its locale is private; an explicit instantiation may name it all the same ([temp.spec.general]).
template <auto member> struct Reveal {
    friend void *&localeOf(ios_base &stream) { return stream.*member; }
};
void *&localeOf(ios_base &stream);
template struct Reveal<&ios_base::__loc_>;

/// A locale is one pointer, and the classic one is always the same.
bool isClassic(ios_base &stream) {
    static void *const classic = *reinterpret_cast<void *const *>(&std::locale::classic());
    return localeOf(stream) == classic;
}

bool isSpace(int character) { return character == ' ' || (character >= '\t' && character <= '\r'); }

/// What a formatted input does first.
bool begin(std::istream &in, bool keepsSpaces) {
    if (!in.good()) {
        in.setstate(ios_base::failbit);
        return false;
    }
    std::streambuf *buffer = in.rdbuf();
    const bool flushesItself = buffer == support::standardInput && support::standardInput->blocks;
    if (std::ostream *tied = in.tie(); tied != nullptr && !flushesItself) tied->flush();
    if (keepsSpaces || !(in.flags() & ios_base::skipws)) return true;
    if (!isClassic(in)) {
        const auto &types = std::use_facet<std::ctype<char>>(in.getloc());
        int next = buffer->sgetc();
        while (next != EOF && types.is(types.space, static_cast<char>(next))) next = buffer->snextc();
    } else {
        int next = buffer->sgetc();
        while (isSpace(next)) next = buffer->snextc();
    }
    if (buffer->sgetc() == EOF) in.setstate(ios_base::failbit | ios_base::eofbit);
    return in.good();
}

/// By the facet, whatever it is.
template <class Number> ios_base::iostate getByFacet(std::istream &in, Number &number) {
    using From = std::istreambuf_iterator<char>;
    ios_base::iostate state = ios_base::goodbit;
    using Taken = std::conditional_t<std::is_same_v<Number, short> || std::is_same_v<Number, int>, long, Number>;
    Taken taken{};
    std::use_facet<std::num_get<char, From>>(in.getloc()).get(From(in), From(), in, state, taken);
    number = static_cast<Number>(taken);
    if (static_cast<Taken>(number) != taken) {
        number = taken < 0 ? std::numeric_limits<Number>::min() : std::numeric_limits<Number>::max();
        state |= ios_base::failbit;
    }
    return state;
}

/// Decimal, as [facet.num.get.virtuals] reads it; a number that does not fit becomes the nearest one.
template <class Number> ios_base::iostate getDecimal(std::streambuf &buffer, Number &number) {
    using Limits = std::numeric_limits<Number>;
    using Size = std::make_unsigned_t<Number>;
    int next = buffer.sgetc();
    const bool negative = next == '-';
    if (next == '-' || next == '+') next = buffer.snextc();
    const Size most = std::is_signed_v<Number> && negative ? static_cast<Size>(Limits::max()) + 1 : static_cast<Size>(Limits::max());
    Size size = 0;
    bool any = false, fits = true;
    for (; next >= '0' && next <= '9'; next = buffer.snextc()) {
        const Size digit = static_cast<Size>(next - '0');
        any = true;
        if (size > most / 10 || (size == most / 10 && digit > most % 10)) fits = false;
        else size = static_cast<Size>(size * 10 + digit);
    }
    const ios_base::iostate state = next == EOF ? ios_base::eofbit : ios_base::goodbit;
    if (!any) {
        number = 0;
        return state | ios_base::failbit;
    }
    if (!fits) {
        number = std::is_signed_v<Number> && negative ? Limits::min() : Limits::max();
        return state | ios_base::failbit;
    }
    number = static_cast<Number>(negative ? Size{0} - size : size);
    return state;
}

template <class Number> std::istream &get(std::istream &in, Number &number) {
    if (!begin(in, false)) return in;
    const bool plain = (in.flags() & ios_base::basefield) == ios_base::dec && isClassic(in);
    in.setstate(plain ? getDecimal(*in.rdbuf(), number) : getByFacet(in, number));
    return in;
}

template <class Number> std::ostream &put(std::ostream &out, Number number) {
    constexpr auto unusual = ios_base::oct | ios_base::hex | ios_base::showpos;
    if ((out.flags() & unusual) || out.width() != 0 || !isClassic(out)) {
        const std::ostream::sentry ready(out);
        if (!ready) return out;
        const auto basis = out.flags() & ios_base::basefield;
        using Same = std::conditional_t<(sizeof(Number) > sizeof(long)), Number,
                                        std::conditional_t<std::is_signed_v<Number>, long, unsigned long>>;
        using To = std::ostreambuf_iterator<char>;
        const auto &facet = std::use_facet<std::num_put<char, To>>(out.getloc());
        const bool bits = std::is_signed_v<Number> && (basis == ios_base::oct || basis == ios_base::hex);
        const auto end = bits ? facet.put(To(out), out, out.fill(), static_cast<std::make_unsigned_t<Same>>(static_cast<std::make_unsigned_t<Number>>(number)))
                              : facet.put(To(out), out, out.fill(), static_cast<Same>(number));
        if (end.failed()) out.setstate(ios_base::badbit | ios_base::failbit);
        return out;
    }
    if (!out.good()) return out;
    if (std::ostream *tied = out.tie()) tied->flush();
    char text[24];
    const auto written = std::to_chars(text, text + sizeof text, number);
    const std::streamsize length = written.ptr - text;
    if (out.rdbuf()->sputn(text, length) != length) out.setstate(ios_base::badbit | ios_base::failbit);
    if ((out.flags() & ios_base::unitbuf) && out.rdbuf()->pubsync() == -1) out.setstate(ios_base::badbit);
    return out;
}

} // namespace

#define NUMBER(type, letter)                                                                                           \
    std::istream &in_##letter(std::istream *in, type &number) __asm__("_ZNSt3__213basic_istreamIcNS_11char_traitsIcEEErsER" #letter); \
    std::istream &in_##letter(std::istream *in, type &number) { return get(*in, number); }                             \
    std::ostream &out_##letter(std::ostream *out, type number) __asm__("_ZNSt3__213basic_ostreamIcNS_11char_traitsIcEEElsE" #letter); \
    std::ostream &out_##letter(std::ostream *out, type number) { return put(*out, number); }

NUMBER(short, s)
NUMBER(unsigned short, t)
NUMBER(int, i)
NUMBER(unsigned, j)
NUMBER(long, l)
NUMBER(unsigned long, m)
NUMBER(long long, x)
NUMBER(unsigned long long, y)

// What every formatted input of text begins with: an object of one bool. Constructors return their object on WebAssembly.
#define SENTRY(name, symbol)                                                                                           \
    bool *name(bool *ready, std::istream &in, bool keepsSpaces) __asm__(symbol);                                       \
    bool *name(bool *ready, std::istream &in, bool keepsSpaces) {                                                      \
        *ready = begin(in, keepsSpaces);                                                                               \
        return ready;                                                                                                  \
    }
SENTRY(sentryComplete, "_ZNSt3__213basic_istreamIcNS_11char_traitsIcEEE6sentryC1ERS3_b")
SENTRY(sentryBase, "_ZNSt3__213basic_istreamIcNS_11char_traitsIcEEE6sentryC2ERS3_b")
