#include <bits/stdc++.h>
using namespace std;

template <class T> void show(const char *name, const T &range) {
    cout << name << ':';
    for (const auto &x : range) cout << ' ' << x;
    cout << '\n';
}

int main() {
    vector<int> v{5, 3, 8, 1, 9, 2, 8};
    auto w = v;
    stable_sort(w.begin(), w.end(), [](int a, int b) { return a % 3 < b % 3; });
    show("stable_sort", w);
    w = v;
    nth_element(w.begin(), w.begin() + 3, w.end());
    cout << "nth_element: " << w[3] << '\n';
    partial_sort(w.begin(), w.begin() + 2, w.end(), greater<>());
    cout << "partial_sort: " << w[0] << w[1] << '\n';
    sort(w.begin(), w.end());
    cout << "bounds: " << equal_range(w.begin(), w.end(), 8).second - lower_bound(w.begin(), w.end(), 8) << binary_search(w.begin(), w.end(), 4) << '\n';
    vector<int> sums(v.size()), differences(v.size());
    partial_sum(v.begin(), v.end(), sums.begin());
    adjacent_difference(v.begin(), v.end(), differences.begin());
    show("partial_sum", sums);
    show("adjacent_difference", differences);
    cout << accumulate(v.begin(), v.end(), 0LL) << ' ' << inner_product(v.begin(), v.end(), v.begin(), 0) << ' '
         << *max_element(v.begin(), v.end()) << ' ' << minmax_element(v.begin(), v.end()).first - v.begin() << '\n';
    cout << gcd(84, 36) << ' ' << lcm(4, 6) << ' ' << gcd(0, 7) << ' ' << midpoint(3, 8) << ' ' << clamp(15, 0, 10) << '\n';
    string s = "hello world";
    transform(s.begin(), s.end(), s.begin(), ::toupper);
    reverse(s.begin(), s.end());
    cout << s << ' ' << count(s.begin(), s.end(), 'L') << ' ' << s.find("OW") << ' ' << (s.find('z') == string::npos) << '\n';
    cout << all_of(v.begin(), v.end(), [](int x) { return x > 0; }) << any_of(v.begin(), v.end(), [](int x) { return x > 9; })
         << none_of(v.begin(), v.end(), [](int x) { return x == 4; }) << is_sorted(w.begin(), w.end()) << '\n';
    vector<int> a{1, 3, 5, 7}, b{3, 4, 5}, out;
    set_intersection(a.begin(), a.end(), b.begin(), b.end(), back_inserter(out));
    set_difference(a.begin(), a.end(), b.begin(), b.end(), back_inserter(out));
    merge(a.begin(), a.end(), b.begin(), b.end(), back_inserter(out));
    show("sets", out);
    make_heap(a.begin(), a.end());
    pop_heap(a.begin(), a.end());
    cout << a.back() << ' ' << reduce(b.begin(), b.end()) << ' ' << exchange(b[0], 9) << b[0] << '\n';
    string p = "cab";
    sort(p.begin(), p.end());
    do cout << p << ' ';
    while (next_permutation(p.begin(), p.end()));
    cout << lexicographical_compare(p.begin(), p.end(), s.begin(), s.end()) << '\n';
    auto middle = partition_point(w.begin(), w.end(), [](int x) { return x < 5; });
    cout << *middle << ' ' << *upper_bound(w.begin(), w.end(), 8) << ' ' << mismatch(v.begin(), v.end(), w.begin()).first - v.begin() << '\n';
}
