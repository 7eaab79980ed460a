// ends: run-time error with "instance of 'std::out_of_range'"
#include <bits/stdc++.h>
using namespace std;

int main() {
    vector<int> v(10);
    size_t index;
    cin >> index;
    cout << "before" << endl;
    cout << v.at(index) << endl;
}
