#include <bits/stdc++.h>
using namespace std;

int n, solutions;
bool column[20], rising[40], falling[40];
vector<int> first;

void place(int row, vector<int> &queens) {
    if (row == n) {
        if (!solutions++) first = queens;
        return;
    }
    for (int c = 0; c < n; ++c) {
        if (column[c] || rising[row + c] || falling[row - c + n]) continue;
        column[c] = rising[row + c] = falling[row - c + n] = true;
        queens.push_back(c);
        place(row + 1, queens);
        queens.pop_back();
        column[c] = rising[row + c] = falling[row - c + n] = false;
    }
}

int main() {
    while (cin >> n) {
        solutions = 0;
        first.clear();
        vector<int> queens;
        place(0, queens);
        cout << n << ": " << solutions;
        for (int c : first) cout << ' ' << c + 1;
        cout << endl;
    }
}
