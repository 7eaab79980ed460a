// What the standard streams and the quick ways of reading and writing numbers share.
#pragma once
#include <istream>
#include <ostream>

namespace support {

/// Standard input as cin reads it. While `blocks`, it reads ahead of the C library, from which nothing else reads then, and flushes
/// what cin is tied to by itself, when it runs dry: [istream.sentry] lets it.
struct Input : std::streambuf {
    bool blocks = false;

    explicit Input(const std::istream &reader);

protected:
    int_type underflow() override;
    int_type uflow() override;
    int_type pbackfail(int_type character) override;
    std::streamsize xsgetn(char *into, std::streamsize count) override;

private:
    const std::istream &reader;
    char *area = nullptr;
    int_type last;
    unsigned untilAsked = 0;

    void askWhetherAlone();
    std::streamsize takeWhatStdioHolds(char *into, std::streamsize count);
};

/// What cin reads from; null in a program that has no cin.
extern Input *standardInput;

/// Binds the quick ways of reading and writing numbers in, ahead of the ordinary ones.
extern const char quickNumbers;

} // namespace support
