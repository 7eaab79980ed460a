// ends: exit 3
#include <bits/stdc++.h>
using namespace std;

struct Loud {
    ~Loud() { cout << "a local object is not destroyed by exit" << endl; }
};
struct Quiet {
    ~Quiet() { cout << "a static one is" << endl; }
} quiet;

void leave() noexcept {
    Loud loud;
    exit(3);
}

int main() {
    atexit([] { cout << "at exit" << endl; });
    Loud loud;
    try {
        leave();
    } catch (...) {
        cout << "never" << endl;
    }
}
