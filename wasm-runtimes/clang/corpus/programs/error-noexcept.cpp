// ends: run-time error with "instance of 'int'"
#include <bits/stdc++.h>
using namespace std;

void vow(int x) noexcept {
    vector<int> held(x, 1);
    if (x > 0) throw accumulate(held.begin(), held.end(), 0);
}

int main() {
    cout << "before" << endl;
    try {
        int x;
        cin >> x;
        vow(x);
    } catch (int) {
        cout << "never" << endl;
    }
}
