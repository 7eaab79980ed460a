// Makes the compiler explain types that are longer than books.
template <class A, class B>
struct Pair {};
template <int n>
struct Tower {
    using type = Pair<typename Tower<n - 1>::type, typename Tower<n - 1>::type>;
};
template <>
struct Tower<0> {
    using type = int;
};
int main() { return Tower<22>::type(); }
