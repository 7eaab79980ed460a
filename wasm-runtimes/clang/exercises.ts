import type { SourceFile } from "../contract.ts";
import type { ClangLanguage } from "./flags.ts";

/**
 * What the compiler compiles before anybody asks it to, a little more each time. An engine makes code of a module's functions when they
 * are first called, and better code when they have been called often: a compiler that has compiled before is twice as quick.
 */
export function exercisesOf(language: ClangLanguage): readonly SourceFile[] {
  const name = language === "c" ? "main.c" : "main.cpp";
  return texts[language].map((text) => ({ name, text }));
}

const texts: Readonly<Record<ClangLanguage, readonly string[]>> = {
  c: [
    `#include <stdio.h>
int main(void) { return puts("") < 0; }
`,
    `#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static int ascending(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
int main(void) {
  int n;
  if (scanf("%d", &n) != 1) return 1;
  int *x = calloc(n, sizeof *x);
  for (int i = 0; i < n; i++) scanf("%d", &x[i]);
  qsort(x, n, sizeof *x, ascending);
  for (int i = 0; i < n; i++) printf("%d%c", x[i], i + 1 < n ? ' ' : '\\n');
}
`,
  ],
  cpp: [
    `#include <bits/stdc++.h>
int main() {}
`,
    `#include <bits/stdc++.h>
using namespace std;
int main() {
  int n;
  cin >> n;
  vector<int> x(n);
  for (auto &each : x) cin >> each;
  sort(x.begin(), x.end());
  cout << accumulate(x.begin(), x.end(), 0LL) << endl;
}
`,
    `#include <bits/stdc++.h>
using namespace std;
struct Edge { int to; long long cost; bool operator<(const Edge &other) const { return cost > other.cost; } };
int main() {
  int n, m;
  cin >> n >> m;
  vector<vector<Edge>> next(n);
  map<string, int> names;
  for (int i = 0; i < m; i++) {
    string a, b;
    long long cost;
    cin >> a >> b >> cost;
    int from = names.emplace(a, names.size()).first->second, to = names.emplace(b, names.size()).first->second;
    next[from].push_back({to, cost});
  }
  vector<long long> best(n, LLONG_MAX);
  priority_queue<Edge> open;
  open.push({0, best[0] = 0});
  while (!open.empty()) {
    auto [at, cost] = open.top();
    open.pop();
    if (cost == best[at])
      for (const Edge &e : next[at])
        if (cost + e.cost < best[e.to]) open.push({e.to, best[e.to] = cost + e.cost});
  }
  for (auto &[name, at] : names) cout << name << ' ' << best[at] << '\\n';
}
`,
  ],
};
