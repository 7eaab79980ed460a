import { discarding, inBox, type Language, linkedStart, wordsOf } from "./language.ts";

/** No network, no modules, no C: a contest's programs use the standard library. */
const go = (cache: string, ...words: string[]): readonly string[] => [
  "/usr/bin/env",
  `GOCACHE=${cache}`,
  "GOPATH=/scratch/go",
  "GO111MODULE=off",
  "GOPROXY=off",
  "GOTOOLCHAIN=local",
  "GOTELEMETRY=off",
  "CGO_ENABLED=0",
  "/usr/bin/go",
  ...words,
];

/** The packages that contestants use, whose compiled forms the cache is to have. */
const usual =
  "bufio bytes cmp container/heap container/list container/ring errors fmt io maps math math/big math/bits math/cmplx " +
  "math/rand os regexp runtime runtime/debug slices sort strconv strings sync sync/atomic text/tabwriter time unicode " +
  "unicode/utf8";

export const golang: Language = {
  id: "go",
  tool: "Go",
  probe: go("/scratch/cache", "version"),
  version: /go version go(\d+(?:\.\d+)*)/,
  hello: 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("ok") }\n',
  entry: () => ({ file: "main.go", start: "main" }),
  start: linkedStart,
  compile: (files, { ahead }) =>
    discarding("/scratch/cache", [
      ...go(ahead ? "/pch/cache" : "/scratch/cache", "build", "-p", "1", "-o", "/scratch/main"),
      ...inBox(files),
    ]),
  makesProgram: true,
  // Else every submission compiles the library anew, of which newer versions ship the sources alone.
  ahead: {
    what: "library",
    files: {},
    // Those that this version does not have yet are passed over.
    command: [
      "/bin/sh",
      "-c",
      '"$@" $0 || for each in $0; do "$@" "$each"; done; true',
      usual,
      ...go("/scratch/cache", "build"),
    ],
  },
  run: (_entry, _memoryMiB, args) => ["/box/main", ...args],
  ranOutOfMemory: (ending) =>
    ending.exitCode === 2 &&
    /^(?:fatal error: |runtime: )?.*(?:out of memory|cannot allocate memory)/m.test(wordsOf(ending)),
  // What the collector keeps beside the heap.
  allowance: { cpuMs: 0, memoryMiB: 16 },
};
