#include <bits/stdc++.h>
using namespace std;

int main() {
    string s = "The quick brown fox";
    s += " jumps", s.append(3, '!').push_back('?');
    cout << s << ' ' << s.size() << ' ' << s.find("quick") << ' ' << s.rfind('o') << ' ' << s.find_first_of("xyz") << '\n';
    s.replace(4, 5, "slow").insert(0, ">> ").erase(s.find('!'));
    cout << s << '|' << s.substr(3, 3) << '|' << s.compare("zzz") / abs(s.compare("zzz")) << s.front() << s.back() << '\n';
    string a = "abc", b = "abd";
    cout << (a < b) << (a + b) << (a == "abc") << string(3, 'x') << string("hello", 2) << a[1] << '\n';
    char text[64] = "c strings";
    strcat(text, " too");
    cout << strlen(text) << ' ' << strcmp("a", "b") / 1 << ' ' << strstr(text, "str") << ' ' << strchr(text, 't') << ' ' << memcmp("ab", "ac", 1) << '\n';
    for (char *token = strtok(text, " "); token; token = strtok(nullptr, " ")) cout << token << '/';
    cout << '\n' << atoi("12x") << ' ' << atof("2.5") << ' ' << strtol("777", nullptr, 8) << ' ' << isalpha('x') / isalpha('x') << isdigit('x') << (char)toupper('q') << '\n';
    string palindrome;
    while (cin >> palindrome) {
        string only;
        for (unsigned char c : palindrome)
            if (isalnum(c)) only += tolower(c);
        cout << equal(only.begin(), only.end(), only.rbegin());
    }
    cout << '\n';
    vector<string> words{"pear", "fig", "apple", "kiwi"};
    sort(words.begin(), words.end(), [](auto &x, auto &y) { return x.size() != y.size() ? x.size() < y.size() : x < y; });
    for (auto &word : words) cout << word << (&word == &words.back() ? "\n" : ", ");
    string big;
    for (int i = 0; i < 100000; ++i) big += to_string(i % 10);
    cout << big.size() << ' ' << count(big.begin(), big.end(), '7') << ' ' << R"(raw "text" \n)" << ' ' << hash<string>{}("x") / 1 * 0 << endl;
}
