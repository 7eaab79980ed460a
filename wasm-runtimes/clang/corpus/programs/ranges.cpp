#include <bits/stdc++.h>
using namespace std;

struct Person {
    string name;
    int age;
};

int main() {
    vector<Person> people{{"ann", 30}, {"bob", 25}, {"cid", 35}, {"dee", 25}};
    ranges::sort(people, {}, &Person::age);
    for (auto &name : people | views::transform(&Person::name)) cout << name << ' ';
    ranges::stable_sort(people, ranges::greater{}, &Person::name);
    cout << people.front().name << ' ' << ranges::max(people, {}, &Person::age).age << '\n';
    auto squares = views::iota(1) | views::filter([](int x) { return x % 2; }) | views::transform([](int x) { return x * x; }) | views::take(5);
    for (int x : squares) cout << x << ' ';
    vector<int> v{3, 1, 4, 1, 5, 9, 2, 6};
    for (int x : v | views::reverse | views::drop(2) | views::take_while([](int x) { return x != 4; })) cout << x;
    cout << ' ' << ranges::count(v, 1) << ranges::distance(squares) << ranges::find(v, 4) - v.begin() << '\n';
    auto [low, high] = ranges::minmax(v);
    cout << low << high << ranges::is_sorted(v) << ranges::any_of(v, [](int x) { return x > 8; }) << '\n';
    const auto removed = ranges::unique(v);
    v.erase(removed.begin(), removed.end());
    map<string, int> m{{"x", 1}, {"y", 2}};
    for (auto &key : m | views::keys) cout << key;
    for (int value : views::values(m)) cout << value;
    cout << '\n';
    for (auto part : string_view("one two three") | views::split(' ')) cout << string_view(part.begin(), part.end()) << ';';
    vector<vector<int>> nested{{1, 2}, {}, {3}};
    for (int x : nested | views::join) cout << x;
    vector odd{1, 3, 5};
    cout << ' ' << *ranges::lower_bound(odd, 2) << ranges::equal(v, v) << endl;
}
