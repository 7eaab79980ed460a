#include <bits/stdc++.h>
using namespace std;

int main() {
    string line;
    getline(cin, line);
    int lines = stoi(line);
    cin >> ws;
    map<string, int> total;
    while (lines-- && getline(cin, line)) {
        istringstream in(line);
        string name;
        int value, count = 0;
        in >> name;
        while (in >> value) total[name] += value, ++count;
        cout << name << " has " << count << (in.eof() ? " to the end" : " then text") << '\n';
    }
    ostringstream out;
    for (auto &[name, sum] : total) out << name << '=' << sum << ';';
    cout << out.str() << endl;
    string field;
    stringstream fields("a,b,,c");
    while (getline(fields, field, ',')) cout << '[' << field << ']';
    cout << '\n';
}
