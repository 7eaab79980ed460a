// Has the compiler compute for ever.
constexpr unsigned long ackermann(unsigned long m, unsigned long n) {
    return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}
template <int n>
constexpr unsigned long again = ackermann(2, n) + again<n + 1>;
int main() { return again<0>; }
