// Has the compiler make types for ever: each needs two more, and no two are the same.
template <unsigned long n, int depth>
struct Tree {
    static constexpr unsigned long value = Tree<2 * n, depth + 1>::value + Tree<2 * n + 1, depth + 1>::value;
};
template <unsigned long n>
struct Tree<n, 60> {
    static constexpr unsigned long value = n;
};
int main() { return Tree<1, 0>::value; }
