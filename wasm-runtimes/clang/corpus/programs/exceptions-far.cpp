// ends: exit 7
#include <bits/stdc++.h>
using namespace std;

volatile int sink;

struct Guard {
    static inline int alive = 0;
    Guard() { ++alive; }
    ~Guard() { --alive; }
};

int throwing(int left) {
    Guard guard;
    if (left == 0) throw runtime_error("from below");
    return throwing(left - 1) + 1;
}

int caughtHalfWay(int left, int half) {
    Guard guard;
    if (left == 0) throw left;
    if (left != half) return caughtHalfWay(left - 1, half) + 1;
    try {
        return caughtHalfWay(left - 1, half) + 1;
    } catch (int &) {
        return 1000;
    }
}

int raisedAgain(int left) {
    if (left == 0) throw 1;
    try {
        return raisedAgain(left - 1);
    } catch (int value) {
        if (left % 1000 == 0) throw value + 1;
        throw;
    }
}

struct Part {
    Part *below = nullptr;
    Guard guard;
    explicit Part(int left) {
        if (left == 0) throw out_of_range("no more parts");
        below = new Part(left - 1);
    }
    ~Part() { delete below; }
};

int descend(int left) {
    if (left == 0) return 0;
    int below = descend(left - 1);
    sink = below;
    return below + 1;
}

int cleans(int left) {
    struct Cleaner {
        ~Cleaner() { sink = descend(10); }
    } cleaner;
    if (left == 0) throw 'c';
    return cleans(left - 1) + 1;
}

int leaves(int left) {
    if (left == 0) exit(7);
    int below = leaves(left - 1);
    sink = below;
    return below + 1;
}

int main() {
    try {
        throwing(50000);
    } catch (exception &error) {
        cout << error.what() << ' ' << Guard::alive << ' ' << uncaught_exceptions() << '\n';
    }
    cout << caughtHalfWay(50000, 25000) << ' ' << Guard::alive << '\n';
    try {
        raisedAgain(50000);
    } catch (int value) {
        cout << value << '\n';
    }
    try {
        Part part(50000);
    } catch (out_of_range &error) {
        cout << error.what() << ' ' << Guard::alive << '\n';
    }
    try {
        cleans(50000);
    } catch (char letter) {
        cout << letter << '\n';
    }
    exception_ptr kept;
    try {
        throwing(30000);
    } catch (...) {
        kept = current_exception();
    }
    try {
        rethrow_exception(kept);
    } catch (runtime_error &error) {
        cout << error.what() << '\n';
    }
    for (int i = 0; i < 20; ++i) {
        try {
            throwing(i * 1000);
        } catch (...) {
        }
        sink = descend(i * 5000);
    }
    cout << sink << ' ' << Guard::alive << '\n';
    leaves(100000);
}
