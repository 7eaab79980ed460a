// The library's strings again, optimised: the sysroot's were compiled without.
#include <string>

template class std::basic_string<char>;
template class std::basic_string<wchar_t>;
