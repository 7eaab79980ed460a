#include <bits/stdc++.h>
using namespace std;

int main() {
    double pi = acos(-1.0);
    cout << fixed << setprecision(10) << pi << '\n' << setprecision(0) << 2.5 << ' ' << 3.5 << '\n';
    cout << defaultfloat << setprecision(6) << 1e-7 << ' ' << 123456789.0 << ' ' << 0.1 << '\n';
    cout << scientific << setprecision(3) << pi * 1e10 << defaultfloat << '\n';
    cout << setw(8) << 42 << '|' << left << setw(8) << 42 << '|' << right << setfill('0') << setw(8) << 42 << '\n';
    cout << setfill(' ') << internal << setw(8) << -42 << right << '\n';
    cout << hex << 255 << ' ' << uppercase << showbase << 255 << dec << ' ' << oct << 8 << dec << noshowbase << '\n';
    cout << hex << -1 << ' ' << (short)-2 << ' ' << 0xdeadbeefcafeULL << dec << '\n';
    cout << boolalpha << true << ' ' << false << noboolalpha << ' ' << true << '\n';
    cout << showpos << 5 << ' ' << -5 << ' ' << 0 << noshowpos << ' ' << 5 << '\n';
    cout << setw(10) << "right" << setw(-0) << '|' << setw(4) << "longer" << '|' << setw(3) << 'c' << '\n';
    cout << quoted("say \"hi\"") << ' ' << 1.0f / 3 << ' ' << 100.0 << ' ' << showpoint << 100.0 << noshowpoint << '\n';
    int value;
    istringstream in("ff 077 0x10 12");
    in >> hex >> value;
    cout << value << ' ';
    in >> oct >> value;
    cout << value << ' ';
    in >> hex >> value;
    cout << value << ' ';
    in >> dec >> value;
    cout << value << '\n';
    cout << setprecision(17) << 0.1 << ' ' << numeric_limits<double>::max() << ' ' << 1e100 << '\n';
    cout << INFINITY << ' ' << -INFINITY << ' ' << setprecision(3) << 1234567.0 << '\n';
}
