/**
 * `bits/stdc++.h` as GCC's users know it: every header of the C++20 standard library that the library here has, in the order in which
 * the standard lists them.
 */

export const STANDARD_HEADER = "bits/stdc++.h";

const cHeaders =
  "assert ctype errno fenv float inttypes limits locale math setjmp signal stdarg stddef stdint stdio stdlib string time uchar wchar wctype"
    .split(" ")
    .map((name) => `c${name}`);

const cppHeaders = `
  algorithm any array atomic barrier bit bitset charconv chrono compare complex concepts condition_variable coroutine deque exception
  execution filesystem format forward_list fstream functional future initializer_list iomanip ios iosfwd iostream istream iterator latch
  limits list locale map memory memory_resource mutex new numbers numeric optional ostream queue random ranges ratio regex
  scoped_allocator semaphore set shared_mutex source_location span sstream stack stdexcept stop_token streambuf string string_view
  syncstream system_error thread tuple type_traits typeindex typeinfo unordered_map unordered_set utility valarray variant vector version
`
  .trim()
  .split(/\s+/);

const lines = [...cHeaders, ...cppHeaders].map((name) => `#include <${name}>\n`);

/** What contestants use of GCC's library although its names say that it is nobody's business. */
const internalNames = `
namespace std {
template <class T> constexpr T __gcd(T a, T b) {
  while (b != T(0)) {
    T rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}
template <class T> constexpr T __lg(T n) {
  return bit_width(make_unsigned_t<T>(n)) - 1;
}
}
`;

/** The guard says even to a compiler that has read it ahead, under whatever path, that it has. */
export const standardHeaderText: string = `#ifndef TABARENA_STANDARD\n#define TABARENA_STANDARD\n${lines.join("")}${internalNames}#endif\n`;

/** What the compiler finds by `-I/include`. */
export const standardHeaderTree = (): { include: { bits: { "stdc++.h": string } } } => ({
  include: { bits: { "stdc++.h": standardHeaderText } },
});
