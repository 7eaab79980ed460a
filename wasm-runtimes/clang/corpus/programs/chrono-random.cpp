#include <bits/stdc++.h>
using namespace std;
using namespace chrono;

int main() {
    auto start = steady_clock::now();
    mt19937 generator(42);
    mt19937_64 wide(7);
    minstd_rand simple(1);
    cout << generator() << ' ' << generator() << ' ' << wide() << ' ' << simple() << '\n';
    uint64_t x = 88172645463325252ULL;
    for (int i = 0; i < 1000000; ++i) x ^= x << 7, x ^= x >> 9;
    cout << x << '\n';
    mt19937 seeded(steady_clock::now().time_since_epoch().count());
    vector<int> v(100);
    iota(v.begin(), v.end(), 0);
    shuffle(v.begin(), v.end(), seeded);
    int drawn = uniform_int_distribution<int>(1, 6)(seeded);
    double real = uniform_real_distribution<double>(0, 1)(seeded);
    random_device device;
    unsigned noise = device();
    sort(v.begin(), v.end());
    cout << v[0] << v[99] << (drawn >= 1 && drawn <= 6) << (real >= 0 && real < 1) << (noise <= random_device::max()) << '\n';
    srand(1);
    int r = rand() % 10;
    cout << (r >= 0 && r < 10 && RAND_MAX >= 32767) << '\n';
    auto passed = duration_cast<milliseconds>(steady_clock::now() - start);
    cout << (passed.count() >= 0 && passed < 1h) << (clock() >= 0) << (time(nullptr) > 1600000000) << '\n';
    cout << duration_cast<minutes>(7260s).count() << ' ' << (2h + 30min).count() << '\n';
    auto day = 2026y / 11 / 23;
    cout << weekday(sys_days(day)).iso_encoding() << ' ' << (sys_days(day) - sys_days(2026y / 1 / 1)).count() << (year(2028).is_leap()) << endl;
}
