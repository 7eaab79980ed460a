// ends: run-time error with "what():  no way out"
#include <bits/stdc++.h>
using namespace std;

int main() {
    cout << "before" << endl;
    vector<int> v(10);
    throw runtime_error("no way out");
}
