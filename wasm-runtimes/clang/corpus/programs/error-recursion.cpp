// ends: run-time error
#include <bits/stdc++.h>
using namespace std;

int forever(int n) {
    volatile int frame[64] = {n};
    return forever(n + 1) + frame[n % 64];
}

int main() {
    cout << "before" << endl;
    cout << forever(0) << endl;
}
