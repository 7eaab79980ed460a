import type { HostileProgram } from "./program.ts";

function processes(): HostileProgram[] {
  // So much memory that it is the number of processes that counts.
  const limits = { memoryMiB: 256 };
  const common = { language: "c", guarantee: "processes", quick: false, limits } as const;
  return [
    { ...common, name: "a-fork-bomb-is-stopped", source: "fork-bomb.c", quick: true, expected: ["TLE"] },
    {
      ...common,
      name: "a-fork-bomb-of-sessions-is-stopped",
      source: "fork-bomb-setsid.c",
      expected: ["TLE"],
    },
    { ...common, name: "a-fork-bomb-of-orphans-is-stopped", source: "fork-bomb-double.c", expected: ["TLE"] },
    { ...common, name: "a-chain-of-vforks-is-stopped", source: "vfork-bomb.c", expected: ["TLE"] },
    { ...common, name: "a-bomb-of-threads-and-forks-is-stopped", source: "thread-bomb.c", expected: ["TLE"] },
    { ...common, name: "threads-are-bounded", source: "threads.c", quick: true, expected: ["AC"] },
    { ...common, name: "processes-are-bounded", source: "processes.c", expected: ["AC"] },
    { ...common, name: "unburied-children-are-bounded", source: "zombies.c", expected: ["AC"] },
    { ...common, name: "daemons-end-with-their-program", source: "daemons.c", quick: true, expected: ["AC"] },
    { ...common, name: "nothing-is-written-after-the-end", source: "late-writer.c", expected: ["AC"] },
    { ...common, name: "children-of-init-end-with-it", source: "orphans-of-init.c", expected: ["AC"] },
    {
      ...common,
      name: "a-fork-bomb-in-python-is-stopped",
      source: "python-fork-bomb.py",
      language: "python3",
      limits: { memoryMiB: 1024 },
      expected: ["TLE"],
    },
    {
      ...common,
      name: "threads-in-java-are-bounded",
      source: "java-threads.java",
      language: "java",
      expected: ["RTE"],
    },
    {
      ...common,
      name: "processes-in-javascript-are-bounded",
      source: "javascript-children.js",
      language: "javascript",
      limits: { ...limits, timeS: 2 },
      expected: ["AC"],
    },
  ];
}

function memory(): HostileProgram[] {
  const common = { language: "c", guarantee: "memory", quick: false } as const;
  /** Where memory is watched from outside, what may belong to no process is refused instead of counted. */
  const unmapped = { at: { userns: ["RTE"] } } as const;
  return [
    { ...common, name: "heap-is-bounded", source: "memory-heap.c", quick: true, expected: ["MLE"] },
    { ...common, name: "the-stack-is-bounded", source: "memory-stack.c", quick: true, expected: ["MLE"] },
    {
      ...common,
      name: "static-data-is-bounded",
      source: "memory-static.c",
      expected: ["MLE"],
    },
    { ...common, name: "initialised-data-is-bounded", source: "memory-initialised.c", expected: ["MLE"] },
    { ...common, name: "files-count-as-memory", source: "memory-files.c", expected: ["MLE"] },
    {
      ...common,
      name: "files-without-a-name-count-as-memory",
      source: "memory-unlinked.c",
      expected: ["MLE"],
    },
    {
      ...common,
      ...unmapped,
      name: "anonymous-files-count-as-memory",
      source: "memory-anonymous-files.c",
      expected: ["MLE"],
    },
    {
      ...common,
      ...unmapped,
      name: "shared-memory-of-system-v-is-bounded",
      source: "memory-shared.c",
      quick: true,
      expected: ["MLE"],
    },
    {
      ...common,
      name: "shared-memory-by-name-is-bounded",
      source: "memory-posix-shared.c",
      expected: ["MLE"],
    },
    {
      ...common,
      ...unmapped,
      name: "memory-of-children-is-bounded",
      source: "memory-mapped.c",
      expected: ["MLE"],
    },
    {
      ...common,
      name: "memory-of-many-children-is-added-up",
      source: "memory-children.c",
      quick: true,
      expected: ["MLE"],
    },
    { ...common, name: "buffers-of-sockets-are-bounded", source: "memory-sockets.c", expected: ["MLE"] },
    {
      ...common,
      name: "a-child-that-ran-out-of-memory-is-not-overlooked",
      source: "memory-child-only.c",
      quick: true,
      expected: ["MLE"],
    },
    {
      ...common,
      name: "nobody-chooses-whom-the-kernel-kills",
      source: "memory-oom-score.c",
      expected: ["AC"],
    },
    { ...common, name: "memory-cannot-be-locked", source: "memory-locked.c", expected: ["AC"] },
    { ...common, name: "memory-only-reserved-is-free", source: "memory-reserved.c", expected: ["AC"] },
    { ...common, name: "attributes-of-files-are-bounded", source: "memory-attributes.c", expected: ["AC"] },
    {
      ...common,
      name: "memory-in-python-is-bounded",
      source: "memory.py",
      language: "python3",
      expected: ["MLE"],
    },
  ];
}

function cpuTime(): HostileProgram[] {
  const common = { language: "c", guarantee: "cpu_time", quick: false, expected: ["TLE"] } as const;
  return [
    { ...common, name: "a-loop-is-stopped", source: "busy.c", quick: true, at: { process: ["TLE"] } },
    { ...common, name: "loops-in-children-are-stopped", source: "busy-children.c", quick: true },
    { ...common, name: "loops-in-threads-are-stopped", source: "busy-threads.c" },
    { ...common, name: "the-kernels-work-counts", source: "busy-kernel.c" },
    { ...common, name: "idle-priority-counts", source: "busy-idle.c" },
    { ...common, name: "timers-without-end-are-stopped", source: "busy-timers.c" },
    { ...common, name: "no-other-processor-can-be-had", source: "cores.c", quick: true, expected: ["AC"] },
    { ...common, name: "a-loop-in-python-is-stopped", source: "busy.py", language: "python3" },
    { ...common, name: "loops-in-workers-are-stopped", source: "busy.js", language: "javascript" },
    { ...common, name: "loops-in-java-are-stopped", source: "busy.java", language: "java" },
  ];
}

function wallTime(): HostileProgram[] {
  const common = { language: "c", guarantee: "wall_time", quick: false, expected: ["TLE"] } as const;
  return [
    { ...common, name: "a-sleeper-is-stopped", source: "sleeper.c", at: { process: ["TLE"] } },
    { ...common, name: "one-that-stops-itself-is-stopped", source: "stopper.c" },
    { ...common, name: "one-that-ignores-all-signals-is-stopped", source: "ignorer.c" },
    { ...common, name: "reading-for-ever-is-stopped", source: "pipe-reader.c", at: { process: ["TLE"] } },
    { ...common, name: "opening-for-ever-is-stopped", source: "fifo-opener.c" },
    {
      ...common,
      name: "waiting-in-the-kernel-is-stopped",
      source: "vfork-sleeper.c",
      quick: true,
      at: { process: ["TLE"] },
    },
    { ...common, name: "a-deadlock-is-stopped", source: "lock-waiter.c", at: { process: ["TLE"] } },
  ];
}

const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const fullOutput = `${"x".repeat(63)}\n`.repeat(2 ** 14);

function output(): HostileProgram[] {
  const common = { language: "c", guarantee: "output", quick: false } as const;
  return [
    {
      ...common,
      name: "a-flood-of-output-is-cut",
      source: "output-flood.c",
      quick: true,
      expected: ["OLE"],
      at: { process: ["OLE"] },
    },
    {
      ...common,
      name: "a-flood-of-errors-is-dropped",
      source: "error-flood.c",
      quick: true,
      expected: ["AC"],
      at: { process: ["AC"] },
    },
    {
      ...common,
      name: "floods-on-both-streams-are-cut",
      source: "both-flood.c",
      expected: ["OLE"],
      at: { process: ["OLE"] },
    },
    { ...common, name: "a-flood-by-children-is-cut", source: "children-flood.c", expected: ["OLE"] },
    {
      ...common,
      name: "all-of-what-is-allowed-arrives",
      source: "full-output.c",
      expected: ["AC"],
      at: { process: ["AC"] },
      answer: fullOutput,
    },
    {
      ...common,
      name: "one-byte-more-is-too-much",
      source: "full-output.c",
      expected: ["OLE"],
      at: { process: ["OLE"] },
      input: "more\n",
      answer: fullOutput,
    },
    {
      ...common,
      name: "every-byte-arrives",
      source: "binary-output.c",
      quick: true,
      expected: ["AC"],
      at: { process: ["AC"] },
      answer: everyByte,
    },
    {
      ...common,
      name: "what-children-write-arrives-in-order",
      source: "single-bytes.c",
      expected: ["AC"],
      at: { process: ["AC"] },
    },
    {
      ...common,
      name: "a-closed-stdout-is-no-answer",
      source: "closed-stdout.c",
      quick: true,
      expected: ["WA"],
    },
    { ...common, name: "stdout-can-be-opened-again", source: "reopened-stdout.c", expected: ["AC"] },
    {
      ...common,
      name: "changed-streams-still-carry-the-answer",
      source: "other-streams.c",
      expected: ["AC"],
      at: { process: ["AC"] },
    },
  ];
}

function workFolder(): HostileProgram[] {
  const common = { language: "c", guarantee: "work_folder", quick: false, expected: ["AC"] } as const;
  return [
    { ...common, name: "files-are-bounded-in-number", source: "inodes.c", quick: true },
    { ...common, name: "folders-are-bounded-in-depth", source: "deep-folders.c" },
    { ...common, name: "a-file-is-bounded-in-size", source: "big-file.c", quick: true },
    {
      ...common,
      name: "files-are-bounded-in-size-together",
      source: "full-folder.c",
      limits: { memoryMiB: 512, timeS: 2 },
    },
    { ...common, name: "links-lead-nowhere", source: "hard-links.c", quick: true },
    { ...common, name: "odd-names-trouble-nobody", source: "names.c" },
    {
      ...common,
      name: "folders-that-a-compiler-nests-trouble-nobody",
      source: "deep-packages.java",
      language: "java",
    },
    {
      ...common,
      name: "a-hundred-folders-that-a-compiler-nests-are-refused",
      source: "deeper-packages.java",
      language: "java",
      expected: ["CE"],
    },
  ];
}

function endings(): HostileProgram[] {
  const common = { language: "c", guarantee: "endings", quick: false, expected: ["RTE"] } as const;
  const asked = (name: string, input: string, more: Partial<HostileProgram> = {}): HostileProgram => ({
    ...common,
    name,
    source: "end-as.c",
    input: `${input}\n`,
    at: { process: more.expected ?? common.expected },
    ...more,
  });
  return [
    asked("exit-code-0-is-a-good-end", "exit 0", { expected: ["AC"] }),
    asked("exit-code-1-after-the-answer-is-an-error", "exit 1"),
    asked("exit-code-42-of-a-validator-is-an-error", "exit 42", { quick: true }),
    asked("exit-code-43-of-a-validator-is-an-error", "exit 43"),
    asked("exit-code-126-of-a-shell-is-an-error", "exit 126"),
    asked("exit-code-127-of-a-shell-is-an-error", "exit 127"),
    asked("exit-code-255-is-an-error", "exit 255"),
    asked("exit-code-256-is-exit-code-0", "exit 256", { expected: ["AC"] }),
    asked("a-crash-after-the-answer-is-an-error", "signal 11", { quick: true }),
    asked("giving-up-after-the-answer-is-an-error", "signal 6"),
    // A signal of its own cannot be told there from that of the bound on CPU time.
    asked("a-signal-that-limits-use-is-an-error", "signal 24", { at: { process: ["RTE", "TLE"] } }),
    asked("killing-itself-is-an-error", "signal 9"),
    asked("computing-on-after-the-answer-is-too-slow", "compute", { expected: ["TLE"] }),
    asked("sleeping-on-after-the-answer-is-too-slow", "sleep", { expected: ["TLE"] }),
    { ...common, name: "killing-its-own-group-is-an-error", source: "own-group.c" },
    {
      ...common,
      name: "the-last-threads-end-is-the-end",
      source: "last-thread.c",
      expected: ["AC"],
      at: { process: ["AC"] },
    },
    { ...common, name: "another-programs-end-is-its-own", source: "other-program.c", expected: ["AC"] },
    { ...common, name: "endless-arguments-are-refused", source: "endless-words.c", expected: ["AC"] },
    {
      ...common,
      name: "a-program-too-large-to-load-is-an-error",
      source: "too-large-to-load.c",
      quick: true,
    },
  ];
}

/** Programs that use too much: processes, memory, time, output, files. */
export const boundPrograms: readonly HostileProgram[] = [
  ...processes(),
  ...memory(),
  ...cpuTime(),
  ...wallTime(),
  ...output(),
  ...workFolder(),
  ...endings(),
];
