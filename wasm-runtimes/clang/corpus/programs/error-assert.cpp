// ends: run-time error with "n < 10"
#include <bits/stdc++.h>
using namespace std;

int main() {
    int n;
    cin >> n;
    cout << n << endl;
    assert(n < 10);
    cout << "never" << endl;
}
