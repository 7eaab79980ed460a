// ends: run-time error
#include <bits/stdc++.h>
using namespace std;

int main() {
    cout << "before" << endl;
    vector<vector<int>> hoard;
    for (;;) hoard.emplace_back(1 << 22, 1);
}
