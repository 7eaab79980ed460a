// The standard streams, in the place of the sysroot's, whose every character goes through code that was not optimised.
#include "streams.h"
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <locale>
#include <new>
#include <stdio_ext.h>
#include <unistd.h>

#pragma weak scanf
#pragma weak vscanf
#pragma weak fscanf
#pragma weak getchar
#pragma weak getchar_unlocked
#pragma weak getc
#pragma weak fgetc
#pragma weak fgets
#pragma weak fread
#pragma weak getline
#pragma weak getdelim

using support::Input;

namespace {

constexpr int blockBytes = 1 << 16;

/// Whether the program has any function of the C library that reads standard input: their addresses are null in one that has not.
bool sharesInput() {
    void *const readers[] = {
        reinterpret_cast<void *>(scanf),   reinterpret_cast<void *>(vscanf),  reinterpret_cast<void *>(fscanf),
        reinterpret_cast<void *>(getchar), reinterpret_cast<void *>(getc),    reinterpret_cast<void *>(fgetc),
        reinterpret_cast<void *>(fgets),   reinterpret_cast<void *>(fread),   reinterpret_cast<void *>(getline),
        reinterpret_cast<void *>(getdelim), reinterpret_cast<void *>(getchar_unlocked),
    };
    for (void *reader : readers)
        if (reader != nullptr) return true;
    return false;
}

bool isSynchronised() {
    const bool before = std::ios_base::sync_with_stdio(true);
    std::ios_base::sync_with_stdio(before);
    return before;
}

/// Writes through the C library, whose buffer is the only one, so that printf and cout mix in the order in which they are called; from
/// the moment that the program says that it does not mix them, standard output has a block of its own before that.
struct Output : std::streambuf {
    explicit Output(std::FILE *file) : file(file) {}

    void flushBlock() {
        if (pptr() != pbase()) std::fwrite(pbase(), 1, static_cast<std::size_t>(pptr() - pbase()), file);
        setp(pbase(), epptr());
    }

protected:
    int_type overflow(int_type character) override {
        if (traits_type::eq_int_type(character, traits_type::eof())) return traits_type::not_eof(character);
        askWhetherAlone();
        if (pbase() == nullptr) return putc_unlocked(character, file);
        flushBlock();
        *pptr() = traits_type::to_char_type(character);
        pbump(1);
        return character;
    }
    std::streamsize xsputn(const char *text, std::streamsize count) override {
        askWhetherAlone();
        if (count > epptr() - pptr()) {
            flushBlock();
            return static_cast<std::streamsize>(std::fwrite(text, 1, static_cast<std::size_t>(count), file));
        }
        std::memcpy(pptr(), text, static_cast<std::size_t>(count));
        pbump(static_cast<int>(count));
        return count;
    }
    int sync() override {
        flushBlock();
        return std::fflush(file);
    }

private:
    std::FILE *file;
    unsigned untilAsked = 0;

    void askWhetherAlone() {
        if (pbase() != nullptr || file != stdout || untilAsked-- != 0) return;
        untilAsked = 255;
        if (isSynchronised()) return;
        if (auto *area = static_cast<char *>(std::malloc(blockBytes))) setp(area, area + blockBytes);
    }
};

/// Wide streams know ASCII, which is all that the C locale has.
struct WideInput : std::wstreambuf {
    explicit WideInput(std::FILE *) {}

protected:
    int_type underflow() override {
        const int next = getc_unlocked(stdin);
        return next == EOF || next > 127 ? traits_type::eof() : static_cast<int_type>(std::ungetc(next, stdin));
    }
    int_type uflow() override {
        const int next = getc_unlocked(stdin);
        return next == EOF || next > 127 ? traits_type::eof() : static_cast<int_type>(next);
    }
};
struct WideOutput : std::wstreambuf {
    std::FILE *file;

    explicit WideOutput(std::FILE *file) : file(file) {}

protected:
    int_type overflow(int_type character) override {
        if (traits_type::eq_int_type(character, traits_type::eof())) return traits_type::not_eof(character);
        if (character > 127) return traits_type::eof();
        return static_cast<int_type>(putc_unlocked(static_cast<int>(character), file));
    }
    int sync() override { return std::fflush(file); }
};

} // namespace

Input::Input(const std::istream &reader) : reader(reader), last(traits_type::eof()) {}

/// Reads ahead from the moment that the program says that it does not mix, or from the start where it cannot mix.
void Input::askWhetherAlone() {
    if (blocks || untilAsked-- != 0) return;
    untilAsked = 255;
    if (sharesInput() && isSynchronised()) return;
    area = static_cast<char *>(std::malloc(blockBytes + 1));
    blocks = area != nullptr;
}

/// Of a program that mixed first and then stopped to.
std::streamsize Input::takeWhatStdioHolds(char *into, std::streamsize count) {
    std::streamsize taken = 0;
    std::size_t held = 0;
    while (taken < count && __freadptr(stdin, &held) != nullptr && held != 0)
        into[taken++] = static_cast<char>(getc_unlocked(stdin));
    return taken;
}

Input::int_type Input::underflow() {
    askWhetherAlone();
    if (!blocks) {
        const int next = getc_unlocked(stdin);
        return next == EOF ? traits_type::eof() : std::ungetc(next, stdin);
    }
    if (gptr() < egptr()) return traits_type::to_int_type(*gptr());
    if (std::ostream *tied = reader.tie()) tied->flush();
    // One place before the block is kept for what is put back.
    if (gptr() != nullptr) area[0] = gptr()[-1];
    else area[0] = traits_type::to_char_type(last);
    char *const begin = area + 1;
    std::streamsize count = takeWhatStdioHolds(begin, blockBytes);
    if (count == 0) count = read(STDIN_FILENO, begin, blockBytes);
    if (count < 0) count = 0;
    setg(area, begin, begin + count);
    return count == 0 ? traits_type::eof() : traits_type::to_int_type(*begin);
}

Input::int_type Input::uflow() {
    askWhetherAlone();
    if (blocks) return std::streambuf::uflow();
    const int next = getc_unlocked(stdin);
    if (next == EOF) return traits_type::eof();
    return last = next;
}

Input::int_type Input::pbackfail(int_type character) {
    if (blocks) {
        if (gptr() == nullptr || gptr() == eback()) return traits_type::eof();
        gbump(-1);
        if (!traits_type::eq_int_type(character, traits_type::eof())) *gptr() = traits_type::to_char_type(character);
        return traits_type::to_int_type(*gptr());
    }
    if (traits_type::eq_int_type(character, traits_type::eof())) character = last;
    last = traits_type::eof();
    return traits_type::eq_int_type(character, traits_type::eof()) ? character : std::ungetc(character, stdin);
}

std::streamsize Input::xsgetn(char *into, std::streamsize count) {
    askWhetherAlone();
    if (blocks) return std::streambuf::xsgetn(into, count);
    std::streamsize taken = 0;
    for (int next; taken < count && (next = uflow()) != traits_type::eof(); ++taken) into[taken] = static_cast<char>(next);
    return taken;
}

Input *support::standardInput = nullptr;

// The objects that programs refer to, by their names in object files: only storage until something constructs them.
#define STORAGE(type, name, symbol) alignas(type) char name[sizeof(type)] __asm__(symbol)
STORAGE(std::istream, inPlace, "_ZNSt3__23cinE");
STORAGE(std::ostream, outPlace, "_ZNSt3__24coutE");
STORAGE(std::ostream, errPlace, "_ZNSt3__24cerrE");
STORAGE(std::ostream, logPlace, "_ZNSt3__24clogE");
STORAGE(std::wistream, wideInPlace, "_ZNSt3__24wcinE");
STORAGE(std::wostream, wideOutPlace, "_ZNSt3__25wcoutE");
STORAGE(std::wostream, wideErrPlace, "_ZNSt3__25wcerrE");
STORAGE(std::wostream, wideLogPlace, "_ZNSt3__25wclogE");

namespace {

template <class Stream, class Buffer> Stream &open(char *place, Buffer &buffer) { return *new (place) Stream(&buffer); }

template <class In, class Out> void bind(In &in, Out &out, Out &err) {
    in.tie(&out);
    err.tie(&out);
    err.setf(std::ios::unitbuf);
}

// Never destroyed: they are used until the very end.
template <class Buffer, class Argument> Buffer &make(Argument &&argument) {
    alignas(Buffer) static char place[2][sizeof(Buffer)];
    static int made = 0;
    return *new (place[made++]) Buffer(argument);
}

/// Before every constructor of the program.
[[gnu::constructor(101)]] void openStreams() {
    Input &input = make<Input>(*reinterpret_cast<const std::istream *>(inPlace));
    support::standardInput = &input;
    static Output &toOut = make<Output>(stdout), &toErr = make<Output>(stderr);
    // The first to be registered is the last to run, when nothing is left that writes.
    std::atexit([] { toOut.flushBlock(); });
    open<std::ostream>(logPlace, toErr);
    bind(open<std::istream>(inPlace, input), open<std::ostream>(outPlace, toOut), open<std::ostream>(errPlace, toErr));
    WideOutput &toWideOut = make<WideOutput>(stdout), &toWideErr = make<WideOutput>(stderr);
    open<std::wostream>(wideLogPlace, toWideErr);
    bind(open<std::wistream>(wideInPlace, make<WideInput>(stdin)), open<std::wostream>(wideOutPlace, toWideOut),
         open<std::wostream>(wideErrPlace, toWideErr));
    asm volatile("" ::"r"(&support::quickNumbers));
}

} // namespace

// Programs that have one of these for safety's sake: the streams live from the start to the end anyway.
std::ios_base::Init::Init() {}
std::ios_base::Init::~Init() {}
