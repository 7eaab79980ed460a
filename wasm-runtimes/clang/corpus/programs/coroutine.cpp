#include <bits/stdc++.h>
using namespace std;

template <class T> struct Generator {
    struct promise_type {
        T value;
        exception_ptr failure;
        Generator get_return_object() { return Generator{coroutine_handle<promise_type>::from_promise(*this)}; }
        suspend_always initial_suspend() { return {}; }
        suspend_always final_suspend() noexcept { return {}; }
        suspend_always yield_value(T next) { value = move(next); return {}; }
        void return_void() {}
        void unhandled_exception() { failure = current_exception(); }
    };
    coroutine_handle<promise_type> handle;
    explicit Generator(coroutine_handle<promise_type> handle) : handle(handle) {}
    Generator(Generator &&other) : handle(exchange(other.handle, {})) {}
    ~Generator() { if (handle) handle.destroy(); }
    bool next() {
        handle.resume();
        if (handle.promise().failure) rethrow_exception(handle.promise().failure);
        return !handle.done();
    }
    T value() const { return handle.promise().value; }
};

Generator<int> collatz(int n) {
    while (n != 1) {
        co_yield n;
        if (n > 50) throw range_error("too large");
        n = n % 2 ? 3 * n + 1 : n / 2;
    }
    co_yield 1;
}

int main() {
    for (int n; cin >> n;) {
        try {
            for (auto numbers = collatz(n); numbers.next();) cout << numbers.value() << ' ';
        } catch (const range_error &error) {
            cout << error.what();
        }
        cout << endl;
    }
}
