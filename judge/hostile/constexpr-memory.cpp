// Has the compiler fill tables at compile time until its memory is full.
template <unsigned long n>
struct Table {
    unsigned long at[1 << 16];
    constexpr Table() : at{} {
        for (unsigned long i = 0; i < (1 << 16); i++) at[i] = i * n;
    }
};
template <unsigned long n>
constexpr unsigned long sum = Table<n>().at[n] + sum<n + 1>;
constexpr Table<7> kept;
int main() { return sum<0> + kept.at[3]; }
