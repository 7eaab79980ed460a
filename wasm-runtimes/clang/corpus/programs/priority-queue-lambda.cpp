#include <bits/stdc++.h>
using namespace std;

struct Task {
    string name;
    int urgency;
};

int main() {
    auto later = [](const Task &a, const Task &b) { return a.urgency != b.urgency ? a.urgency < b.urgency : a.name > b.name; };
    priority_queue<Task, vector<Task>, decltype(later)> tasks(later);
    string word;
    while (cin >> word)
        if (word == "do") {
            if (tasks.empty()) cout << "rest\n";
            else cout << tasks.top().name << '\n', tasks.pop();
        } else {
            int urgency;
            cin >> urgency;
            tasks.push({word, urgency});
        }
    function<int(int)> fibonacci = [&](int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); };
    auto ackermann = [](auto &&self, int m, int n) -> int { return m == 0 ? n + 1 : n == 0 ? self(self, m - 1, 1) : self(self, m - 1, self(self, m, n - 1)); };
    cout << fibonacci(20) << ' ' << ackermann(ackermann, 2, 9) << '\n';
    int counter = 0;
    auto count = [counter, &tasks]() mutable { return ++counter + (int)tasks.size(); };
    count();
    cout << count() << counter << '\n';
    auto compose = [](auto f, auto g) { return [=](auto x) { return f(g(x)); }; };
    cout << compose([](int x) { return x * 2; }, [](int x) { return x + 1; })(5) << bind(minus<int>(), placeholders::_2, 10)(0, 15) << endl;
}
