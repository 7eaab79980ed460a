import type { LanguageId } from "../protocol/language.ts";

const cpp = `#include <bits/stdc++.h>
using namespace std;

int main() {
    ios::sync_with_stdio(false);
    cin.tie(nullptr);

    int n;
    cin >> n;

    cout << n << '\\n';
}
`;

const python = `import sys


def main():
    data = sys.stdin.read().split()
    n = int(data[0])

    print(n)


main()
`;

/** A short program for each language that reads standard input and has room for a solution. */
export const starters: Readonly<Record<LanguageId, string>> = {
  bash: `read -r n

echo "$n"
`,
  c: `#include <stdio.h>

int main(void) {
    int n;
    if (scanf("%d", &n) != 1) return 0;

    printf("%d\\n", n);
    return 0;
}
`,
  cpp,
  cpp17: cpp,
  csharp: `using System;

class Program {
    static void Main() {
        int n = int.Parse(Console.ReadLine());

        Console.WriteLine(n);
    }
}
`,
  go: `package main

import (
	"bufio"
	"fmt"
	"os"
)

func main() {
	in := bufio.NewReader(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()

	var n int
	fmt.Fscan(in, &n)

	fmt.Fprintln(out, n)
}
`,
  haskell: `main :: IO ()
main = do
  tokens <- words <$> getContents
  let n = read (head tokens) :: Int

  print n
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
  kotlin: `fun main() {
    val n = readLine()!!.trim().toInt()

    println(n)
}
`,
  lua: `local n = io.read("n")

print(n)
`,
  pascal: `program Main;

var
  n: longint;

begin
  readln(n);

  writeln(n);
end.
`,
  perl: `use strict;
use warnings;

my $n = <STDIN>;
chomp $n;

print "$n\\n";
`,
  php: `<?php
$n = (int) fgets(STDIN);

echo $n, "\\n";
`,
  python3: python,
  pypy3: python,
  ruby: `n = gets.to_i

puts n
`,
  rust: `use std::io::{self, Read};

fn main() {
    let mut input = String::new();
    io::stdin().read_to_string(&mut input).unwrap();
    let mut tokens = input.split_ascii_whitespace();
    let n: i64 = tokens.next().unwrap().parse().unwrap();

    println!("{}", n);
}
`,
  typescript: `const lines: string[] = require("fs").readFileSync(0, "utf8").split("\\n");

const n = Number(lines[0]);

console.log(n);
`,
  answers: "",
};

/** What the program's file is called: compilers speak of it, and Java insists. */
export const sourceNames: Readonly<Record<LanguageId, string>> = {
  bash: "main.sh",
  c: "main.c",
  cpp: "main.cpp",
  cpp17: "main.cpp",
  csharp: "main.cs",
  go: "main.go",
  haskell: "main.hs",
  java: "Main.java",
  javascript: "main.js",
  kotlin: "Main.kt",
  lua: "main.lua",
  pascal: "main.pas",
  perl: "main.pl",
  php: "main.php",
  python3: "main.py",
  pypy3: "main.py",
  ruby: "main.rb",
  rust: "main.rs",
  typescript: "main.ts",
  answers: "1.out",
};
