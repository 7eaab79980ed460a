#include <bits/stdc++.h>
using namespace std;

template <class T> concept Number = integral<T> || floating_point<T>;
template <class T> concept Printable = requires(ostream &out, const T &x) { { out << x } -> same_as<ostream &>; };

template <Number T> T twice(T x) { return x + x; }
template <Printable T>
    requires(!Number<T>)
string twice(const T &x) { ostringstream out; out << x << x; return out.str(); }

struct Version {
    int major_, minor_;
    string tag;
    auto operator<=>(const Version &) const = default;
};
struct Fraction {
    long long n, d;
    strong_ordering operator<=>(const Fraction &o) const { return n * o.d <=> o.n * d; }
    bool operator==(const Fraction &o) const { return (*this <=> o) == 0; }
};
struct Options { int width = 80; bool wrap = true; string name = "x"; };

template <class... Ts> auto sum(Ts... xs) { return (xs + ... + 0); }
template <class... Ts> struct Overloaded : Ts... { using Ts::operator()...; };
consteval int cube(int x) { return x * x * x; }
constexpr auto primes = [] {
    array<int, 10> found{};
    int count = 0;
    for (int i = 2; count < 10; ++i) {
        bool prime = true;
        for (int j = 2; j * j <= i; ++j) prime = prime && i % j;
        if (prime) found[count++] = i;
    }
    return found;
}();
static_assert(primes[9] == 29);

int main() {
    cout << twice(21) << ' ' << twice(1.25) << ' ' << twice("ab") << '\n';
    Version a{1, 2, "b"}, b{1, 10, "a"};
    cout << (a < b) << (a == b) << (a != b) << ((a <=> b) < 0) << (max(a, b).minor_) << '\n';
    cout << (Fraction{1, 2} == Fraction{2, 4}) << (Fraction{1, 3} > Fraction{1, 2}) << '\n';
    Options options{.width = 40, .name = "y"};
    cout << options.width << options.wrap << options.name << ' ' << sum(1, 2, 3) << ' ' << cube(3) << '\n';
    variant<int, string, double> v = "text"s;
    visit(Overloaded{[](int) { cout << "int"; }, [](const string &s) { cout << "string " << s; }, [](double) { cout << "double"; }}, v);
    if (auto it = ranges::find(primes, 7); it != primes.end()) [[likely]] cout << ' ' << it - primes.begin() << '\n';
    using enum memory_order;
    auto generic = []<class T>(const vector<T> &xs) { return xs.size() * sizeof(T); };
    cout << generic(vector<int>(3)) << ' ' << (relaxed == memory_order::relaxed) << ' ' << ssize(vector<int>(4)) << ' ' << numbers::pi << '\n';
    for (int i = 0; auto x : {10, 20}) cout << i++ << ':' << x << ' ';
    cout << cmp_less(-1, 1u) << in_range<uint8_t>(256) << "abc"s.starts_with("ab") << "abc"s.ends_with('c') << endl;
}
