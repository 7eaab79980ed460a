#include <bits/stdc++.h>
using namespace std;

class Shape {
public:
    virtual ~Shape() = default;
    virtual double area() const = 0;
    virtual string name() const { return "shape"; }
};
class Circle final : public Shape {
    double radius;

public:
    explicit Circle(double radius) : radius(radius) {}
    double area() const override { return 3.141592653589793 * radius * radius; }
    string name() const override { return "circle"; }
};
class Square : public Shape {
    double side;

public:
    explicit Square(double side) : side(side) {}
    double area() const override { return side * side; }
};

template <class T> class Stack {
    vector<T> items;

public:
    Stack() = default;
    Stack(initializer_list<T> list) : items(list) {}
    void push(T item) { items.push_back(move(item)); }
    T pop() {
        if (items.empty()) throw underflow_error("empty stack");
        T top = move(items.back());
        items.pop_back();
        return top;
    }
    friend ostream &operator<<(ostream &out, const Stack &stack) {
        for (auto &item : stack.items) out << item << ' ';
        return out;
    }
};

struct Counter {
    static inline int alive = 0, copies = 0;
    Counter() { ++alive; }
    Counter(const Counter &) { ++alive, ++copies; }
    Counter(Counter &&) noexcept { ++alive; }
    ~Counter() { --alive; }
};

int main() {
    vector<unique_ptr<Shape>> shapes;
    for (char kind; cin >> kind;) {
        double size;
        cin >> size;
        if (kind == 'c') shapes.push_back(make_unique<Circle>(size));
        else shapes.emplace_back(new Square(size));
    }
    for (auto &shape : shapes) printf("%s %.2f %d\n", shape->name().c_str(), shape->area(), dynamic_cast<Circle *>(shape.get()) != nullptr);
    fflush(stdout);
    Stack<string> stack{"a", "b"};
    stack.push("c");
    cout << stack << stack.pop() << stack.pop() << stack.pop();
    try {
        stack.pop();
    } catch (const underflow_error &error) {
        cout << ' ' << error.what() << '\n';
    }
    {
        vector<Counter> counters(3);
        counters.push_back(Counter());
        auto copy = counters;
        cout << Counter::alive << ' ' << Counter::copies << '\n';
    }
    cout << Counter::alive << endl;
}
