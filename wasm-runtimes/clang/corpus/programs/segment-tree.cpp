#include <bits/stdc++.h>
using namespace std;

struct SegmentTree {
    int size;
    vector<long long> sum, pending;
    explicit SegmentTree(int n) : size(n), sum(4 * n), pending(4 * n) {}
    void push(int node, int left, int right) {
        if (!pending[node]) return;
        sum[node] += pending[node] * (right - left);
        if (right - left > 1) pending[2 * node] += pending[node], pending[2 * node + 1] += pending[node];
        pending[node] = 0;
    }
    void add(int from, int to, long long x, int node, int left, int right) {
        push(node, left, right);
        if (to <= left || right <= from) return;
        if (from <= left && right <= to) {
            pending[node] += x;
            push(node, left, right);
            return;
        }
        int middle = (left + right) / 2;
        add(from, to, x, 2 * node, left, middle);
        add(from, to, x, 2 * node + 1, middle, right);
        sum[node] = sum[2 * node] + sum[2 * node + 1];
    }
    long long query(int from, int to, int node, int left, int right) {
        push(node, left, right);
        if (to <= left || right <= from) return 0;
        if (from <= left && right <= to) return sum[node];
        int middle = (left + right) / 2;
        return query(from, to, 2 * node, left, middle) + query(from, to, 2 * node + 1, middle, right);
    }
};

int main() {
    ios::sync_with_stdio(false);
    cin.tie(nullptr);
    int n, q;
    cin >> n >> q;
    SegmentTree tree(n);
    while (q--) {
        char kind;
        int l, r;
        cin >> kind >> l >> r;
        if (kind == '+') {
            long long x;
            cin >> x;
            tree.add(l - 1, r, x, 1, 0, n);
        } else
            cout << tree.query(l - 1, r, 1, 0, n) << '\n';
    }
}
