// Five bodies that attract each other, for n steps; what is left of their energy.
#include <bits/stdc++.h>
using namespace std;

struct Vector {
    double x = 0, y = 0, z = 0;
    Vector operator+(const Vector &o) const { return {x + o.x, y + o.y, z + o.z}; }
    Vector operator-(const Vector &o) const { return {x - o.x, y - o.y, z - o.z}; }
    Vector operator*(double f) const { return {x * f, y * f, z * f}; }
    double square() const { return x * x + y * y + z * z; }
};

struct Body {
    Vector place, speed;
    double mass;
};

void step(vector<Body> &bodies, double dt) {
    for (size_t i = 0; i < bodies.size(); i++)
        for (size_t j = i + 1; j < bodies.size(); j++) {
            Body &a = bodies[i], &b = bodies[j];
            Vector d = a.place - b.place;
            double square = d.square() + 0.01;
            double pull = dt / (square * sqrt(square));
            a.speed = a.speed - d * (b.mass * pull);
            b.speed = b.speed + d * (a.mass * pull);
        }
    for (Body &body : bodies) body.place = body.place + body.speed * dt;
}

int main() {
    int n;
    cin >> n;
    vector<Body> bodies;
    for (int i = 0; i < 5; i++) {
        auto place = [&](int k) { return (i * 7 + k * 3) % 11 - 5.0; };
        auto speed = [&](int k) { return (i * 5 + k * 2) % 7 / 10.0 - 0.3; };
        bodies.push_back({{place(0), place(1), place(2)}, {speed(0), speed(1), speed(2)}, 1.0 + i});
    }
    for (int i = 0; i < n; i++) step(bodies, 0.001);
    double energy = 0;
    for (const Body &body : bodies) energy += 0.5 * body.mass * body.speed.square();
    cout << fixed << setprecision(6) << energy << '\n';
}
