#include <bits/stdc++.h>
using namespace std;

// An ordered set with ranks, in the place of the one of GCC's policy-based structures.
mt19937 generator(12345);

struct Node {
    int key;
    unsigned priority = generator();
    int size = 1;
    unique_ptr<Node> left, right;
    explicit Node(int key) : key(key) {}
};
using Tree = unique_ptr<Node>;
int size(const Tree &t) { return t ? t->size : 0; }
void update(Tree &t) { if (t) t->size = 1 + size(t->left) + size(t->right); }

void split(Tree t, int key, Tree &less, Tree &rest) {
    if (!t) return void((less = nullptr, rest = nullptr));
    if (t->key < key) {
        split(move(t->right), key, t->right, rest);
        less = move(t);
        update(less);
    } else {
        split(move(t->left), key, less, t->left);
        rest = move(t);
        update(rest);
    }
}
Tree merge(Tree a, Tree b) {
    if (!a || !b) return a ? move(a) : move(b);
    if (a->priority > b->priority) {
        a->right = merge(move(a->right), move(b));
        update(a);
        return a;
    }
    b->left = merge(move(a), move(b->left));
    update(b);
    return b;
}

int main() {
    Tree root;
    char kind;
    int x;
    while (cin >> kind >> x) {
        Tree less, same, more;
        if (kind == '+' || kind == '-' || kind == 'r') {
            split(move(root), x, less, same);
            split(move(same), x + 1, same, more);
            if (kind == '+' && !same) same = make_unique<Node>(x);
            if (kind == '-') same.reset();
            if (kind == 'r') cout << "rank of " << x << ": " << size(less) << '\n';
            root = merge(merge(move(less), move(same)), move(more));
        } else {
            const Node *at = root.get();
            while (at) {
                int before = size(at->left);
                if (x == before) break;
                if (x < before) at = at->left.get();
                else x -= before + 1, at = at->right.get();
            }
            if (at) cout << at->key << '\n';
            else cout << "none of " << size(root) << '\n';
        }
    }
}
