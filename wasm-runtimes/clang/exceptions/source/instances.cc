// The library's templates of streams again, optimised: the sysroot's were compiled without.
#include "streams.h"
#include <ios>
#include <locale>
#include <sstream>
#include <streambuf>

template class std::basic_streambuf<char>;
template class std::basic_ios<char>;
template class std::basic_istream<char>;
template class std::basic_ostream<char>;
template class std::basic_iostream<char>;
template class std::basic_stringbuf<char>;
template class std::basic_istringstream<char>;
template class std::basic_ostringstream<char>;
template class std::basic_stringstream<char>;
template struct std::__num_get<char>;
template struct std::__num_put<char>;
template class std::num_get<char>;
template class std::num_put<char>;

namespace support {
[[gnu::used]] const char *const bound = &quickNumbers;
}
