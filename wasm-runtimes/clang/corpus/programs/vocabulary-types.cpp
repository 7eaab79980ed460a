#include <bits/stdc++.h>
using namespace std;

optional<int> parse(string_view text) {
    int value = 0;
    auto [end, error] = from_chars(text.data(), text.data() + text.size(), value);
    if (error != errc() || end != text.data() + text.size()) return nullopt;
    return value;
}

int total(span<const int> values) { return accumulate(values.begin(), values.end(), 0); }

int main() {
    string word;
    while (cin >> word) {
        if (auto value = parse(word)) cout << *value * 2 << ' ';
        else cout << word << "? ";
    }
    cout << parse("x").value_or(-1) << '\n';
    vector<int> v{1, 2, 3, 4};
    int raw[] = {5, 6};
    cout << total(v) << total(raw) << total(span(v).subspan(1, 2)) << span(v).back() << '\n';
    string_view view = "  trimmed  ";
    view.remove_prefix(view.find_first_not_of(' '));
    view.remove_suffix(view.size() - view.find_last_not_of(' ') - 1);
    cout << '[' << view << ']' << view.substr(0, 4) << view.find("med") << '\n';
    variant<int, string> either = 5;
    cout << either.index() << holds_alternative<int>(either) << get<int>(either);
    either = "now text";
    cout << get<string>(either) << (get_if<int>(&either) == nullptr) << '\n';
    any thing = 3.5;
    cout << any_cast<double>(thing) << (thing.type() == typeid(double)) << (any_cast<int>(&thing) == nullptr) << '\n';
    auto shared = make_shared<vector<int>>(3, 7);
    weak_ptr<vector<int>> weak = shared;
    cout << shared.use_count() << (*shared)[2] << weak.expired();
    shared.reset();
    cout << weak.expired() << '\n';
    char text[32];
    auto [end, error] = to_chars(text, text + sizeof text, 255, 16);
    cout << string_view(text, end) << ' ' << (error == errc()) << ' ' << stoi("ff", nullptr, 16) << ' ' << to_string(-12345678901LL) << '\n';
    unique_ptr<int[]> array = make_unique<int[]>(4);
    cout << array[3] << apply([](auto... xs) { return (xs * ...); }, tuple{2, 3, 7}) << invoke(&string::size, "four"s) << endl;
}
