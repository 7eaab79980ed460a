// Sorting of numbers, optimised: the library's headers leave it to the library itself, which was compiled without.
#include <algorithm>

// Headers only declare this one. A comparison of another type than the library's own leads to what they define.
namespace std {
inline namespace _LIBCPP_ABI_NAMESPACE {
template <class Comparison, class Place> void __sort(Place first, Place last, Comparison) {
    sort(first, last, [](const auto &a, const auto &b) { return a < b; });
}
} // namespace _LIBCPP_ABI_NAMESPACE
} // namespace std

#define SORT(type) template void std::__sort<std::__less<type> &, type *>(type *, type *, std::__less<type> &);

SORT(char)
SORT(signed char)
SORT(unsigned char)
SORT(wchar_t)
SORT(short)
SORT(unsigned short)
SORT(int)
SORT(unsigned)
SORT(long)
SORT(unsigned long)
SORT(long long)
SORT(unsigned long long)
SORT(float)
SORT(double)
SORT(long double)
