#include <bits/stdc++.h>
using namespace std;

int main() {
    string a, b;
    cin >> a >> b;
    vector<vector<int>> best(a.size() + 1, vector<int>(b.size() + 1));
    for (size_t i = 1; i <= a.size(); ++i)
        for (size_t j = 1; j <= b.size(); ++j)
            best[i][j] = a[i - 1] == b[j - 1] ? best[i - 1][j - 1] + 1 : max(best[i - 1][j], best[i][j - 1]);
    string common;
    for (size_t i = a.size(), j = b.size(); i && j;)
        if (a[i - 1] == b[j - 1]) common += a[--i], --j;
        else if (best[i - 1][j] >= best[i][j - 1]) --i;
        else --j;
    cout << string(common.rbegin(), common.rend()) << '\n';
    vector<int> tails;
    for (int x; cin >> x;) {
        auto it = lower_bound(tails.begin(), tails.end(), x);
        if (it == tails.end()) tails.push_back(x);
        else *it = x;
    }
    cout << tails.size() << endl;
}
