#include <bits/stdc++.h>
using namespace std;

// Without sync_with_stdio(false), cin and scanf, cout and printf may be mixed.
int main() {
    int a, b, c;
    cin >> a;
    scanf("%d", &b);
    cin >> c;
    printf("%d ", a);
    cout << b << ' ';
    printf("%d\n", c);
    string word;
    cin >> word;
    int next = getchar();
    cout << word << ' ' << next << endl;
    char rest[32];
    if (fgets(rest, sizeof rest, stdin)) printf("%s", rest);
    string line;
    getline(cin, line);
    cout << line << '\n';
    putchar('.');
    puts("");
}
