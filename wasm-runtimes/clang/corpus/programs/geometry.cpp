#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
typedef long double ld;

struct Point {
    ll x, y;
    Point operator-(const Point &o) const { return {x - o.x, y - o.y}; }
    ll cross(const Point &o) const { return x * o.y - y * o.x; }
    bool operator<(const Point &o) const { return tie(x, y) < tie(o.x, o.y); }
};

int main() {
    int n;
    cin >> n;
    vector<Point> points(n);
    for (auto &[x, y] : points) cin >> x >> y;
    sort(points.begin(), points.end());
    vector<Point> hull;
    for (int side = 0; side < 2; ++side) {
        size_t start = hull.size();
        for (auto &p : points) {
            while (hull.size() >= start + 2 && (hull.back() - hull[hull.size() - 2]).cross(p - hull.back()) <= 0) hull.pop_back();
            hull.push_back(p);
        }
        hull.pop_back();
        reverse(points.begin(), points.end());
    }
    ll area = 0;
    ld around = 0;
    for (size_t i = 0; i < hull.size(); ++i) {
        Point a = hull[i], b = hull[(i + 1) % hull.size()];
        area += a.cross(b);
        around += hypotl(a.x - b.x, a.y - b.y);
        cout << '(' << a.x << ", " << a.y << ") ";
    }
    cout << '\n' << area / 2 << (area % 2 ? ".5" : ".0") << '\n';
    cout << fixed << setprecision(9) << around << '\n';
    printf("%.6f %.6f %.6f\n", atan2(1, -1), sqrt(2.0), fmod(7.5, 2));
    fflush(stdout);
    cout << setprecision(4) << cbrt(27.0) << ' ' << floor(-2.5) << ' ' << ceil(-2.5) << ' ' << round(-2.5) << ' ' << trunc(2.7) << '\n';
}
