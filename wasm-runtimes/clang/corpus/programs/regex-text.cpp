#include <bits/stdc++.h>
using namespace std;

int main() {
    string line;
    regex date(R"((\d{4})-(\d\d)-(\d\d))"), word("[[:alpha:]]+", regex::icase);
    while (getline(cin, line)) {
        smatch match;
        if (regex_search(line, match, date)) cout << match[3] << '.' << match[2] << '.' << match[1] << ' ' << match.position() << '\n';
        cout << distance(sregex_iterator(line.begin(), line.end(), word), sregex_iterator()) << ' ' << regex_replace(line, date, "<$1>") << '\n';
        cout << regex_match(line, regex("a*b?.*", regex::extended)) << '\n';
    }
}
