#include <bits/stdc++.h>
using namespace std;

int main() {
    int x, lines = 0;
    long long sum = 0;
    while (cin >> x) sum += x, ++lines;
    cout << lines << ' ' << sum << ' ' << cin.eof() << cin.fail() << '\n';
    cin.clear();
    string rest;
    cin >> rest;
    cout << rest << ' ' << cin.good() << '\n';
    char c = cin.get();
    cout << int(c) << ' ' << char(cin.peek()) << '\n';
    cin.ignore(3);
    getline(cin, rest);
    cout << rest << '|' << '\n';
    cin.unget();
    cout << (cin.get() == '\n') << ' ' << (cin.get() == EOF) << '\n';
}
