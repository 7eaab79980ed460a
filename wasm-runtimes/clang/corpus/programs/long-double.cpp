#include <bits/stdc++.h>
using namespace std;

int main() {
    long double third = 1.0L / 3;
    cout << fixed << setprecision(15) << third << ' ' << setprecision(12) << sqrtl(2) << ' ' << acosl(-1.0L) << '\n';
    printf("%.12Lf %Lg %.3Le\n", third, 2.5L, 12345.678L);
    fflush(stdout);
    long double x;
    cin >> x;
    cout << setprecision(6) << x * 2 << ' ' << floorl(x) << ' ' << (long long)roundl(x) << '\n';
    long double y;
    if (sscanf("6.25", "%Lf", &y) == 1) printf("%.4Lf %.4Lf\n", y, powl(y, 0.5L));
    printf("%s %s\n", to_string(1.5).c_str(), to_string(42).c_str());
    cout << stold("0.125") << ' ' << strtold("1e3", nullptr) << '\n';
    cout << is_same_v<decltype(1.0L * 1), long double> << isnan(NAN) << isinf(1e308 * 10) << signbit(-0.0) << endl;
}
