import type { ProgrammingLanguageId } from "../../protocol/language.ts";
import type { SourceToCompile } from "../compile.ts";

/** What a language's tests judge. */
export interface Examples {
  /**
   * Reads a word and does what it says: `sum` prints the sum of all numbers that follow, however many; `crash` ends
   * badly; `loop` never ends; `eat` takes memory until there is none.
   */
  obedient: string;
  /** No compiler accepts it. */
  broken: string;
  /** Several files that only together print what they read, plus one. */
  several: SourceToCompile;
}

const several = (files: Record<string, string>, entryPoint: string | null = null): SourceToCompile => ({
  files: new Map(Object.entries(files)),
  entryPoint,
});

const cpp: Examples = {
  obedient: `#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>
volatile long steps;
int main() {
  std::string word;
  std::cin >> word;
  if (word == "crash") throw std::runtime_error("asked to");
  if (word == "loop") for (;;) steps = steps + 1;
  if (word == "eat") for (std::vector<std::string> all;;) all.emplace_back(1 << 20, 'x');
  long long sum = 0;
  for (long long each; std::cin >> each;) sum += each;
  std::cout << sum << "\\n";
}
`,
  broken: "int main() { std::vector<int> v; }\n",
  several: several({
    "next.h": "int next(int number);\n",
    "next.cpp": '#include "next.h"\nint next(int number) { return number + 1; }\n',
    "a.cc":
      '#include <iostream>\n#include "next.h"\nint main() { int n; std::cin >> n; std::cout << next(n); }\n',
  }),
};

const python: Examples = {
  obedient: `import sys
word, *numbers = sys.stdin.read().split()
if word == "crash":
    raise ValueError("asked to")
while word == "loop":
    pass
taken = []
while word == "eat":
    taken.append(b"x" * 2**20)
print(sum(map(int, numbers)))
`,
  broken: "def f(:\n  pass\n",
  several: several({
    "beyond.py": "def next(number):\n    return number + 1\n",
    "main.py": "import beyond\nprint(beyond.next(int(input())))\n",
  }),
};

export const examples: Readonly<Record<ProgrammingLanguageId, Examples>> = {
  bash: {
    obedient: `read -r word
case $word in
  crash) exit 3 ;;
  loop) while :; do :; done ;;
  eat) while :; do printf -v text '%*s' 100000000 x; all+=("$text"); done ;;
esac
sum=0
while read -ra numbers; do
  for each in "\${numbers[@]}"; do sum=$((sum + each)); done
done
echo "$sum"
`,
    broken: "if true; then\n  echo yes\n",
    several: several(
      {
        "next.sh": "next() { echo $(($1 + 1)); }\n",
        "begin.sh": '. "$(dirname "$0")/next.sh"\nread -r n\nnext "$n"\n',
      },
      "begin.sh",
    ),
  },
  c: {
    obedient: `#include <stdio.h>
#include <stdlib.h>
#include <string.h>
volatile long steps;
int main(void) {
  char word[10];
  if (scanf("%9s", word) != 1 || !strcmp(word, "crash")) abort();
  if (!strcmp(word, "loop")) for (;;) steps++;
  if (!strcmp(word, "eat")) for (char *taken; (taken = malloc(1 << 20));) memset(taken, steps++ | 1, 1 << 20);
  long long sum = 0, each;
  while (scanf("%lld", &each) == 1) sum += each;
  printf("%lld\\n", sum);
}
`,
    broken: "int main(void) { return 0 }\n",
    several: several({
      "next.h": "int next(int number);\n",
      "next.c": '#include "next.h"\nint next(int number) { return number + 1; }\n',
      "a.c":
        '#include <stdio.h>\n#include "next.h"\nint main(void) { int n; scanf("%d", &n); printf("%d", next(n)); }\n',
    }),
  },
  cpp,
  cpp17: {
    ...cpp,
    // A keyword since C++20, a name before.
    obedient: `${cpp.obedient}int requires = 1;\n`,
  },
  csharp: {
    obedient: `using System;
using System.Collections.Generic;
using System.Linq;
class Program {
  static void Main() {
    var words = Console.In.ReadToEnd().Split((char[])null, StringSplitOptions.RemoveEmptyEntries);
    if (words[0] == "crash") throw new Exception("asked to");
    while (words[0] == "loop") {}
    for (var all = new List<string>(); words[0] == "eat";) all.Add(new string('x', 1 << 19));
    Console.WriteLine(words.Skip(1).Select(long.Parse).Sum());
  }
}
`,
    broken: 'class Program { static void Main() { int x = ""; } }\n',
    several: several(
      {
        "Next.cs":
          "static class Next { public static int Of(int number) => number + 1; static void Main() {} }\n",
        "Begin.cs":
          "using System;\nclass Begin { static void Main() => Console.WriteLine(Next.Of(int.Parse(Console.ReadLine()))); }\n",
      },
      "Begin",
    ),
  },
  go: {
    obedient: `package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
)

func main() {
	in := bufio.NewReader(os.Stdin)
	var word string
	fmt.Fscan(in, &word)
	if word == "crash" {
		panic("asked to")
	}
	for word == "loop" {
	}
	for all := [][]byte{}; word == "eat"; {
		all = append(all, bytes.Repeat([]byte("x"), 1<<20))
	}
	sum := 0
	for each := 0; ; sum += each {
		if _, err := fmt.Fscan(in, &each); err != nil {
			break
		}
	}
	fmt.Println(sum)
}
`,
    broken: "package main\n\nfunc main() { var unused int }\n",
    several: several({
      "next.go": "package main\n\nfunc next(number int) int { return number + 1 }\n",
      "a.go":
        'package main\n\nimport "fmt"\n\nfunc main() {\n\tvar n int\n\tfmt.Scan(&n)\n\tfmt.Println(next(n))\n}\n',
    }),
  },
  haskell: {
    obedient: `import qualified Data.ByteString.Char8 as B

loop :: Int -> IO ()
loop n = if n < 0 then print n else loop ((n + 1) \`mod\` 1000)

eat :: [B.ByteString] -> Int -> IO ()
eat taken n = if n < 0 then print (length taken) else eat (B.replicate 1048576 'x' : taken) (n + 1)

main :: IO ()
main = do
  word : numbers <- words <$> getContents
  case word of
    "crash" -> error "asked to"
    "loop" -> loop (length numbers)
    "eat" -> eat [] (length numbers)
    _ -> print (sum (map read numbers :: [Int]))
`,
    broken: 'main :: IO ()\nmain = print (1 + "one")\n',
    several: several({
      "Next.hs": "module Next (next) where\n\nnext :: Int -> Int\nnext = (+ 1)\n",
      "a.hs": "import Next\n\nmain :: IO ()\nmain = interact (show . next . read)\n",
    }),
  },
  java: {
    obedient: `import java.util.*;
public class Obedient {
  public static void main(String[] args) {
    Scanner in = new Scanner(System.in);
    String word = in.next();
    if (word.equals("crash")) throw new RuntimeException("asked to");
    while (word.equals("loop")) {}
    for (List<byte[]> all = new ArrayList<>(); word.equals("eat");) all.add(new byte[1 << 20]);
    long sum = 0;
    while (in.hasNextLong()) sum += in.nextLong();
    System.out.println(sum);
  }
}
`,
    broken: 'class Main { public static void main(String[] words) { int x = ""; } }\n',
    several: several(
      {
        "Next.java":
          "public class Next { static int of(int number) { return number + 1; } public static void main(String[] words) {} }\n",
        "Begin.java":
          "public class Begin { public static void main(String[] words) { System.out.println(Next.of(new java.util.Scanner(System.in).nextInt())); } }\n",
      },
      "Begin",
    ),
  },
  javascript: {
    obedient: `const [word, ...numbers] = require("fs").readFileSync(0, "utf8").split(/\\s+/).filter(Boolean);
if (word === "crash") throw new Error("asked to");
while (word === "loop") {}
for (const all = []; word === "eat"; ) all.push(new Array(100000).fill(all.length));
console.log(numbers.reduce((sum, each) => sum + Number(each), 0));
`,
    broken: "console.log('\n",
    several: several({
      "next.js": "exports.next = (number) => number + 1;\n",
      "main.js":
        'const { next } = require("./next.js");\nconsole.log(next(Number(require("fs").readFileSync(0, "utf8"))));\n',
    }),
  },
  kotlin: {
    obedient: `fun main() {
  val words = generateSequence(::readLine).flatMap { it.split(" ").asSequence() }.toList()
  if (words[0] == "crash") throw RuntimeException("asked to")
  while (words[0] == "loop") {}
  val all = ArrayList<ByteArray>()
  while (words[0] == "eat") all.add(ByteArray(1 shl 20))
  println(words.drop(1).map { it.toLong() }.sum())
}
`,
    broken: 'fun main() { val x: Int = "" }\n',
    several: several({
      "next.kt": "fun next(number: Int) = number + 1\n",
      "begin.kt": "fun main() = println(next(readLine()!!.toInt()))\n",
    }),
  },
  lua: {
    obedient: `local word = io.read("l")
if word == "crash" then error("asked to") end
while word == "loop" do end
local all = {}
while word == "eat" do all[#all + 1] = string.rep("x", 2 ^ 20) end
local sum = 0
for each in io.read("a"):gmatch("%S+") do sum = sum + math.tointeger(each) end
print(sum)
`,
    broken: "for i = 1, 3 do print(i)\n",
    several: several({
      "beyond.lua": "return { next = function(number) return number + 1 end }\n",
      "main.lua": 'local beyond = require("beyond")\nprint(beyond.next(io.read("n")))\n',
    }),
  },
  pascal: {
    obedient: `program Obedient;
{$mode objfpc}
var
  word: string;
  each, sum: int64;
  taken: ^byte;
begin
  readln(word);
  if word = 'crash' then halt(3);
  while word = 'loop' do;
  while word = 'eat' do
  begin
    getmem(taken, 1048576);
    fillchar(taken^, 1048576, 1);
  end;
  sum := 0;
  while not seekeof do
  begin
    read(each);
    sum += each;
  end;
  writeln(sum);
end.
`,
    broken: "program Broken;\nbegin\n  writeln('yes'\nend.\n",
    several: several({
      "beyond.pas":
        "unit Beyond;\ninterface\nfunction next(number: longint): longint;\nimplementation\nfunction next(number: longint): longint;\nbegin\n  next := number + 1;\nend;\nend.\n",
      "begin.pas":
        "program Start;\nuses Beyond;\nvar n: longint;\nbegin\n  read(n);\n  writeln(next(n));\nend.\n",
    }),
  },
  perl: {
    obedient: `use strict;
use warnings;
my ($word, @numbers) = split ' ', join '', <STDIN>;
die "asked to" if $word eq 'crash';
1 while $word eq 'loop';
my @all;
push @all, ('x' x 1000000) . @all while $word eq 'eat';
my $sum = 0;
$sum += $_ for @numbers;
print "$sum\\n";
`,
    broken: "use strict;\n$undeclared = 1;\n",
    several: several({
      "Beyond.pm": "package Beyond;\nsub next { return $_[0] + 1 }\n1;\n",
      "main.pl": "use strict;\nuse Beyond;\nprint Beyond::next(scalar <STDIN>), qq(\\n);\n",
    }),
  },
  php: {
    obedient: `<?php
[$word, $rest] = preg_split('/\\s+/', stream_get_contents(STDIN), 2);
if ($word === "crash") throw new Exception("asked to");
while ($word === "loop");
for ($all = []; $word === "eat"; ) $all[] = str_repeat("x", 1000000);
echo array_sum(array_filter(preg_split('/\\s+/', $rest), 'ctype_digit')), "\\n";
`,
    broken: "<?php\necho 'yes'\n}\n",
    several: several({
      "next.php": "<?php\nfunction next_of($number) { return $number + 1; }\n",
      "main.php": '<?php\nrequire __DIR__ . "/next.php";\necho next_of((int) fgets(STDIN)), PHP_EOL;\n',
    }),
  },
  python3: python,
  pypy3: python,
  ruby: {
    obedient: `word, *numbers = STDIN.read.split
raise "asked to" if word == "crash"
while word == "loop"; end
all = []
all << "x" * 1_000_000 while word == "eat"
puts numbers.sum(&:to_i)
`,
    broken: "def f(\n",
    several: several(
      {
        "beyond.rb": "def beyond(number) = number + 1\n",
        "begin.rb": 'require_relative "beyond"\nputs beyond(gets.to_i)\n',
      },
      "begin.rb",
    ),
  },
  rust: {
    obedient: `use std::io::Read;
fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap();
    let mut words = text.split_ascii_whitespace();
    let word = words.next().unwrap();
    if word == "crash" {
        panic!("asked to");
    }
    while word == "loop" {}
    let mut all: Vec<Vec<u8>> = Vec::new();
    while word == "eat" {
        all.push(vec![1; 1 << 20]);
    }
    println!("{}", words.map(|each| each.parse::<i64>().unwrap()).sum::<i64>());
}
`,
    broken: 'fn main() { let x: i32 = ""; }\n',
    several: several({
      "next.rs": "pub fn of(number: i32) -> i32 { number + 1 }\n",
      "main.rs":
        'mod next;\nfn main() {\n    let mut text = String::new();\n    std::io::stdin().read_line(&mut text).unwrap();\n    println!("{}", next::of(text.trim().parse().unwrap()));\n}\n',
    }),
  },
  typescript: {
    obedient: `enum Order { crash = "crash", loop = "loop", eat = "eat" }
const [word, ...numbers]: string[] = require("fs").readFileSync(0, "utf8").split(/\\s+/).filter(Boolean);
if (word === Order.crash) throw new Error("asked to");
while (word === Order.loop) {}
for (const all: number[][] = []; word === Order.eat; ) all.push(new Array<number>(100000).fill(all.length));
console.log(numbers.reduce((sum: number, each: string) => sum + Number(each), 0));
`,
    broken: "const x: number = ;\n",
    several: several({
      "next.ts": "export const next = (number: number): number => number + 1;\n",
      "main.ts":
        'import { readFileSync } from "node:fs";\nimport { next } from "./next.ts";\nconsole.log(next(Number(readFileSync(0, "utf8"))));\n',
    }),
  },
};
