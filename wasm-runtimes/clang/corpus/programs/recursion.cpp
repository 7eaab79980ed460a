#include <bits/stdc++.h>
using namespace std;

vector<vector<int>> children;
vector<int> subtree, level;

void visit(int at, int depth) {
    level[at] = depth;
    subtree[at] = 1;
    for (int child : children[at]) {
        visit(child, depth + 1);
        subtree[at] += subtree[child];
    }
}

int main() {
    int n;
    cin >> n;
    children.resize(n);
    subtree.resize(n);
    level.resize(n);
    // A path with a leaf at every tenth vertex.
    int last = 0;
    for (int i = 1; i < n; ++i) {
        children[last].push_back(i);
        if (i % 10) last = i;
    }
    visit(0, 0);
    cout << subtree[0] << ' ' << *max_element(level.begin(), level.end()) << ' ' << subtree[n / 2] << '\n';
}
