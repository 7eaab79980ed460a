#include <bits/stdc++.h>
using namespace std;

struct Guard {
    int &depth;
    explicit Guard(int &depth) : depth(depth) { ++depth; }
    ~Guard() { --depth; }
};

int depth = 0;

int descend(int left) {
    Guard guard(depth);
    if (left == 0) throw depth;
    return descend(left - 1) + 1;
}

struct Part {
    int id;
    Part(int id) : id(id) {
        if (id == 3) throw runtime_error("part 3");
        cout << '+' << id;
    }
    ~Part() { cout << '-' << id; }
};
struct Whole {
    Part a{1}, b{2}, c{3};
    Whole() { cout << "never"; }
};
struct Wrapped {
    Part part;
    Wrapped() try : part(3) {
    } catch (exception &error) {
        cout << "in the constructor: " << error.what() << '\n';
    }
};

int main() {
    try {
        descend(1000);
    } catch (int deepest) {
        cout << deepest << ' ' << depth << '\n';
    }
    try {
        Whole whole;
    } catch (exception &error) {
        cout << ' ' << error.what() << '\n';
    }
    try {
        Wrapped wrapped;
    } catch (exception &error) {
        cout << "and again: " << error.what() << '\n';
    }
    exception_ptr kept;
    try {
        try {
            throw out_of_range("first");
        } catch (...) {
            throw_with_nested(logic_error("second"));
        }
    } catch (...) {
        kept = current_exception();
    }
    for (int round = 0; round < 2; ++round) try {
            rethrow_exception(kept);
        } catch (const exception &error) {
            cout << error.what() << " because of ";
            try {
                rethrow_if_nested(error);
            } catch (const out_of_range &inner) {
                cout << inner.what() << '\n';
            }
        }
    long long sum = 0;
    for (int i = 0; i < 20000; ++i) try {
            if (i % 2) throw i;
            sum += 1;
        } catch (int value) {
            sum += value;
        }
    cout << sum << ' ' << uncaught_exceptions() << '\n';
    struct Observer {
        ~Observer() { cout << "uncaught " << uncaught_exceptions() << '\n'; }
    };
    try {
        Observer observer;
        throw 1;
    } catch (...) {
        Observer observer;
    }
}
