#include <bits/stdc++.h>
using namespace std;

volatile int sink;

struct Large {
    long long numbers[20];
    double sum;
};
Large large(Large given, int left) {
    if (left == 0) return given;
    given.numbers[left % 20] += left;
    Large result = large(given, left - 1);
    result.sum += given.numbers[3];
    return result;
}

double many(double a, double b, double c, double d, double e, float f, float g, double h, long long i, long long j, int left) {
    if (left == 0) return a + b + c + d + e + f + g + h + i + j;
    double result = many(b, a, d, c, h, g, f, e, j + 1, i - 1, left - 1);
    sink = left;
    return result + (a - b) * (c - d) + (e - h) * (f - g) + i - j;
}

bool isOdd(int n);
bool isEven(int n) {
    if (n == 0) return true;
    bool result = isOdd(n - 1);
    sink = result;
    return result;
}
bool isOdd(int n) {
    if (n == 0) return false;
    bool result = isEven(n - 1);
    sink = result;
    return result;
}

struct Shape {
    Shape *other = nullptr;
    virtual ~Shape() = default;
    virtual long long area(int left) = 0;
};
struct Square : Shape {
    long long area(int left) override { return left == 0 ? 1 : other->area(left - 1) + 1; }
};
struct Circle : Shape {
    long long area(int left) override { return left == 0 ? 2 : other->area(left - 1) + 2; }
};

struct Link {
    static inline int alive = 0;
    Link *next;
    explicit Link(int left) : next(left ? new Link(left - 1) : nullptr) { ++alive; }
    ~Link() {
        delete next;
        --alive;
    }
};

struct Listed {
    unique_ptr<Listed> next;
};

int descend(int left) {
    if (left == 0) return 0;
    int below = descend(left - 1);
    sink = below;
    return below + 1;
}

int compare(const void *a, const void *b) {
    return *(const int *)a - *(const int *)b + descend(20000) - 20000;
}

int sorts(int left) {
    int numbers[4] = {3, left, 1, 2};
    qsort(numbers, 4, sizeof(int), [](const void *a, const void *b) { return *(int *)a - *(int *)b; });
    if (left == 0) return numbers[0];
    int below = sorts(left - 1);
    sort(numbers, numbers + 4, [&](int a, int b) { return a > b; });
    return (below + numbers[0]) % 1000003;
}

template <int kind> long long templated(long long left) {
    if (left == 0) return kind;
    long long result = templated<(kind + 1) % 3>(left - 1);
    sink = result;
    return result + kind;
}

int main() {
    Large result = large(Large{}, 20000);
    cout << result.numbers[3] << ' ' << result.sum << '\n';
    cout << many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 50000) << '\n';
    cout << isEven(300001) << isEven(300000) << '\n';
    Square square;
    Circle circle;
    square.other = &circle;
    circle.other = &square;
    cout << square.area(200001) << '\n';
    function<int(int)> recurse = [&](int left) { return left == 0 ? 0 : recurse(left - 1) + 1; };
    cout << recurse(200000) << '\n';
    auto itself = [&](auto &&self, int left, int depth) -> int {
        if (left == 0) return depth;
        int below = self(self, left - 1, depth + 1);
        sink = below;
        return below + 1;
    };
    cout << itself(itself, 200000, 0) << '\n';
    {
        Link first(200000);
        cout << Link::alive << '\n';
    }
    cout << Link::alive << '\n';
    unique_ptr<Listed> list;
    for (int i = 0; i < 500000; ++i) {
        auto item = make_unique<Listed>();
        item->next = move(list);
        list = move(item);
    }
    list.reset();
    int numbers[] = {5, 2, 9, 1};
    qsort(numbers, 4, sizeof(int), compare);
    for (int number : numbers) cout << number << ' ';
    vector<int> others = {3, 1, 2};
    sort(others.begin(), others.end(), [](int a, int b) { return descend(50000) + a < 50000 + b; });
    for (int number : others) cout << number << ' ';
    cout << '\n' << sorts(50000) << ' ' << templated<0>(200000) << '\n';
    // As often as one likes: what was left is left.
    long long sum = 0;
    for (int i = 0; i < 200; ++i) sum += descend(i * 100);
    cout << sum << '\n';
}
