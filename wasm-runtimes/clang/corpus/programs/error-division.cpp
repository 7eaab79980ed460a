// ends: run-time error
#include <bits/stdc++.h>
using namespace std;

int main() {
    int a, b;
    while (cin >> a >> b) cout << a / b << endl;
}
