#include <bits/stdc++.h>
using namespace std;

int main() {
    cin.tie(0)->sync_with_stdio(0);
    int n;
    cin >> n;
    vector<int> a(n), sorted;
    for (auto &x : a) cin >> x;
    sorted = a;
    sort(begin(sorted), end(sorted));
    sorted.erase(unique(begin(sorted), end(sorted)), end(sorted));
    vector<int> tree(sorted.size() + 1);
    long long inversions = 0;
    for (int i = n - 1; i >= 0; --i) {
        int rank = lower_bound(begin(sorted), end(sorted), a[i]) - begin(sorted) + 1;
        for (int at = rank - 1; at > 0; at -= at & -at) inversions += tree[at];
        for (int at = rank; at < (int)tree.size(); at += at & -at) ++tree[at];
    }
    cout << inversions << endl;
}
