// ends: run-time error
#include <bits/stdc++.h>
using namespace std;

int main() {
    vector<int> v(10);
    long long index;
    cin >> index;
    cout << "before" << endl;
    v[index] = 1;
    cout << v[index + 1] << endl;
}
