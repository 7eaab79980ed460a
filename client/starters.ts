import type { LanguageId } from "../protocol/language.ts";

/** A short program for each language that reads standard input and has room for a solution. */
export const starters: Readonly<Record<LanguageId, string>> = {
  c: `#include <stdio.h>

int main(void) {
    int n;
    if (scanf("%d", &n) != 1) return 0;

    printf("%d\\n", n);
    return 0;
}
`,
  cpp: `#include <bits/stdc++.h>
using namespace std;

int main() {
    ios::sync_with_stdio(false);
    cin.tie(nullptr);

    int n;
    cin >> n;

    cout << n << '\\n';
}
`,
  java: `import java.io.*;
import java.util.*;

public class Main {
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        int n = Integer.parseInt(in.readLine().trim());

        System.out.println(n);
    }
}
`,
  javascript: `const lines = require("fs").readFileSync(0, "utf8").split("\\n");

const n = Number(lines[0]);

console.log(n);
`,
  python3: `import sys


def main():
    data = sys.stdin.read().split()
    n = int(data[0])

    print(n)


main()
`,
};

/** What the program's file is called: compilers speak of it, and Java insists. */
export const sourceNames: Readonly<Record<LanguageId, string>> = {
  c: "main.c",
  cpp: "main.cpp",
  java: "Main.java",
  javascript: "main.js",
  python3: "main.py",
};
