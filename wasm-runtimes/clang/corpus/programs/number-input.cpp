#include <bits/stdc++.h>
using namespace std;

template <class Number> void attempt(const char *text) {
    istringstream in(text);
    Number number = 77;
    in >> number;
    string rest;
    const bool failed = in.fail(), ended = in.eof();
    in.clear();
    in >> rest;
    cout << '"' << text << "\" " << number << ' ' << failed << ended << " [" << rest << "]\n";
}

int main() {
    for (const char *text : {"12", "  12 x", "+7", "-7", "-", "+", "", "  ", "x1", "2147483647", "2147483648", "-2147483648",
                             "-2147483649", "99999999999999999999", "007", "12a", "1.5", "- 3", "--3"})
        attempt<int>(text);
    for (const char *text : {"4294967295", "4294967296", "-1", "-4294967295", "0", "+0", "-0"}) attempt<unsigned>(text);
    for (const char *text : {"32767", "32768", "-32769"}) attempt<short>(text);
    for (const char *text : {"9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809"})
        attempt<long long>(text);
    for (const char *text : {"18446744073709551615", "18446744073709551616", "-2"}) attempt<unsigned long long>(text);
    for (const char *text : {"1.5", "1e3", ".5", "5.", "-2.25e-2", "abc", "1 2"}) attempt<double>(text);
    char a, b;
    string word;
    istringstream in(" x  yz");
    in >> a >> b >> word;
    cout << a << b << word << '\n';
    istringstream raw(" q");
    raw >> noskipws >> a;
    cout << int(a) << '\n';
}
