#include <bits/stdc++.h>
using namespace std;

template <class Action> void attempt(const string &name, Action action) {
    cout << name << ": ";
    try {
        action();
        cout << "nothing\n";
    } catch (const out_of_range &) {
        cout << "out_of_range\n";
    } catch (const invalid_argument &) {
        cout << "invalid_argument\n";
    } catch (const length_error &) {
        cout << "length_error\n";
    } catch (const overflow_error &) {
        cout << "overflow_error\n";
    } catch (const ios_base::failure &) {
        cout << "failure\n";
    } catch (const bad_alloc &) {
        cout << "bad_alloc\n";
    } catch (const bad_cast &) {
        cout << "bad_cast\n";
    } catch (const exception &error) {
        cout << "another: " << (typeid(error) == typeid(bad_function_call)) << (typeid(error) == typeid(bad_optional_access))
             << (typeid(error) == typeid(bad_variant_access)) << (typeid(error) == typeid(bad_weak_ptr))
             << (typeid(error) == typeid(regex_error)) << '\n';
    }
}

// Somewhere that the optimiser cannot see through.
char *volatile kept;

struct Base {
    virtual ~Base() = default;
};
struct Derived : Base {};

int main() {
    attempt("stoi of a word", [] { cout << stoi("word"); });
    attempt("stoi of nothing", [] { cout << stoi(""); });
    attempt("stoi too large", [] { cout << stoi("2147483648"); });
    attempt("stoi with a rest", [] { size_t used; cout << stoi(" 42abc", &used) << '/' << used << ' '; });
    attempt("stoll too large", [] { cout << stoll("9223372036854775808"); });
    attempt("stoull of a sign", [] { cout << stoull("-"); });
    attempt("stod of a word", [] { cout << stod("x"); });
    attempt("stod too large", [] { cout << stod("1e999"); });
    attempt("string::at", [] { string s = "abc"; cout << s.at(3); });
    attempt("string::substr", [] { string s = "abc"; cout << s.substr(4); });
    attempt("string::substr at the end", [] { string s = "abc"; cout << s.substr(3) << '.'; });
    attempt("string::erase", [] { string s = "abc"; s.erase(4); });
    attempt("string::insert", [] { string s = "abc"; s.insert(4, "x"); });
    attempt("string::replace", [] { string s = "abc"; s.replace(4, 1, "x"); });
    attempt("string::resize", [] { string s; s.resize(s.max_size() + 1); });
    attempt("vector::at", [] { vector<int> v(3); cout << v.at(3); });
    attempt("vector::reserve", [] { vector<int> v; v.reserve(v.max_size() + 1); });
    attempt("vector of too many", [] { vector<int> v; v.resize(v.max_size() + 1); });
    attempt("deque::at", [] { deque<int> d(3); cout << d.at(5); });
    attempt("array::at", [] { array<int, 3> a{}; volatile int i = 3; cout << a.at(i); });
    attempt("map::at", [] { map<string, int> m; cout << m.at("x"); });
    attempt("unordered_map::at", [] { unordered_map<int, int> m; cout << m.at(1); });
    attempt("bitset of text", [] { bitset<8> b("1012"); cout << b; });
    attempt("bitset::test", [] { bitset<8> b; volatile int i = 8; cout << b.test(i); });
    attempt("bitset::to_ulong", [] { bitset<100> b; b.set(); cout << b.to_ulong(); });
    attempt("empty function", [] { function<int()> f; cout << f(); });
    attempt("empty optional", [] { optional<int> o; cout << o.value(); });
    attempt("variant", [] { variant<int, string> v = 1; cout << get<string>(v); });
    attempt("any_cast", [] { any a = 1; cout << any_cast<string>(a); });
    attempt("dynamic_cast", [] { Base b; Base &r = b; cout << &dynamic_cast<Derived &>(r); });
    attempt("weak_ptr", [] { weak_ptr<int> w; shared_ptr<int> s(w); });
    attempt("regex", [] { regex r("(unclosed"); });
    attempt("stream with exceptions", [] { istringstream in("x"); in.exceptions(ios::failbit); int i; in >> i; });
    attempt("new", [] { volatile size_t huge = SIZE_MAX / 2; kept = new char[huge]; });
    attempt("new of a negative number", [] { volatile int n = -1; kept = (char *)new int[n]; });
    attempt("nothrow", [] { volatile size_t huge = SIZE_MAX / 2; kept = new (nothrow) char[huge]; cout << (kept == nullptr) << ' '; });
}
