import type { Fact } from "./facts.ts";

const code = (language: string, ...lines: readonly string[]): string =>
  `\`\`\`${language}\n${lines.join("\n")}\n\`\`\``;

/** What people ask in their first programming contests. */
export const hints: readonly Fact[] = [
  {
    questions: ["What is TLE?", "What does TLE mean?", "What is time limit exceeded?"],
    answer:
      "TLE means time limit exceeded: your program is too slow. Try a better algorithm or faster input.",
    word: "slow",
  },
  {
    questions: ["What is WA?", "What does WA mean?", "What is wrong answer?"],
    answer: "WA means wrong answer: your output differs on some test. Check small cases and the limits.",
    word: "wrong",
  },
  {
    questions: ["What is RTE?", "What does RTE mean?", "What is a runtime error?"],
    answer:
      "RTE means runtime error: your program crashed. Look for an index out of range or a division by zero.",
    word: "crash",
  },
  {
    questions: ["What is MLE?", "What does MLE mean?"],
    answer: "MLE means memory limit exceeded: your program needs too much memory. Use smaller arrays.",
    word: "memory",
  },
  {
    questions: ["What is CE?", "What does CE mean?", "What is a compile error?"],
    answer: "CE means compile error: the compiler does not accept your program. Read its first message.",
    word: "compile",
  },
  {
    questions: ["What is AC?", "What does AC mean?"],
    answer: "AC means accepted: your program is right.",
    word: "accepted",
  },
  {
    questions: ["What is O(n)?"],
    answer: "O(n) means that the time grows like the size of the input.",
    word: "linear",
  },
  {
    questions: ["What is O(n log n)?"],
    answer: "O(n log n) is the time of a good sort. It is fast enough for a million numbers.",
    word: "fast",
  },
  {
    questions: ["What is O(n^2)?"],
    answer: "O(n^2) is the time of two nested loops. It is fast enough for a few thousand numbers.",
    word: "quadratic",
  },
  {
    questions: ["What is O(log n)?"],
    answer: "O(log n) is the time of a binary search: each step halves what is left.",
    word: "logarithmic",
  },
  {
    questions: ["What is binary search?"],
    answer: "Binary search looks at the middle of a sorted list and halves it in each step.",
    word: "search",
  },
  {
    questions: ["What is dynamic programming?", "What is DP?"],
    answer: "Dynamic programming solves small problems first and keeps their answers for the larger ones.",
    word: "tables",
  },
  {
    questions: ["What is BFS?"],
    answer:
      "BFS visits a graph level by level with a queue. It finds shortest paths when all edges are equal.",
    word: "queue",
  },
  {
    questions: ["What is DFS?"],
    answer: "DFS follows a path in a graph as far as it can, then goes back. It uses a stack or recursion.",
    word: "stack",
  },
  {
    questions: ["What is a greedy algorithm?"],
    answer: "A greedy algorithm always takes what looks best now. Prove that it works before you trust it.",
    word: "greedy",
  },
  {
    questions: ["How do I sort in Python?", "How do I sort a list in Python?"],
    answer: code("python", "numbers.sort()"),
    word: "sort",
  },
  {
    questions: ["How do I sort in C++?"],
    answer: code("cpp", "sort(a.begin(), a.end());"),
    word: "sort",
  },
  {
    questions: ["How do I read n numbers in Python?", "How do I read numbers in Python?"],
    answer: code("python", "n = int(input())", "numbers = list(map(int, input().split()))"),
    word: "input",
  },
  {
    questions: ["How do I read n numbers in C++?", "How do I read numbers in C++?"],
    answer: code("cpp", "int n;", "cin >> n;", "vector<int> a(n);", "for (int& x : a) cin >> x;"),
    word: "cin",
  },
  {
    questions: ["How do I read fast in Python?"],
    answer: "Read all input at once with sys.stdin.read() and split it.",
    word: "sys",
  },
  {
    questions: ["How do I read fast in C++?"],
    answer: "Call ios::sync_with_stdio(false) and cin.tie(nullptr) before you read.",
    word: "ios",
  },
  {
    questions: ["Write hello world in Python.", "Hello world in Python?"],
    answer: code("python", 'print("Hello, world!")'),
    word: "print",
  },
  {
    questions: ["Write hello world in C++.", "Hello world in C++?"],
    answer: code("cpp", "#include <iostream>", 'int main() { std::cout << "Hello, world!"; }'),
    word: "cout",
  },
  {
    questions: ["What is an overflow?", "What is overflow?"],
    answer: "An overflow is a number too large for its type. In C++ use long long for sums.",
    word: "overflow",
  },
  {
    questions: ["My program is too slow.", "How do I make my program faster?"],
    answer:
      "Count the steps for the largest input. If there are more than a hundred million, look for a better algorithm.",
    word: "algorithm",
  },
];
