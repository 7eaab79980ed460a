import type { HostileProgram } from "./program.ts";

const probe = { language: "c", quick: false, expected: ["AC"] } as const;

function network(): HostileProgram[] {
  const common = { ...probe, guarantee: "network" } as const;
  return [
    { ...common, name: "no-socket-of-a-network-can-be-had", source: "network.c", quick: true },
    { ...common, name: "the-internet-protocols-reach-nothing", source: "network-inet.c" },
    { ...common, name: "no-local-server-can-be-reached", source: "network-host-sockets.c", quick: true },
    { ...common, name: "no-interface-can-be-seen-or-switched-on", source: "network-interfaces.c" },
    { ...common, name: "no-socket-is-handed-in", source: "network-passed.c" },
    { ...common, name: "python-reaches-nothing", source: "network.py", language: "python3" },
    {
      ...common,
      name: "javascript-reaches-nothing",
      source: "network.js",
      language: "javascript",
      quick: true,
    },
  ];
}

function files(): HostileProgram[] {
  const common = { ...probe, guarantee: "files" } as const;
  return [
    { ...common, name: "no-file-of-the-host-can-be-read", source: "reader.c", quick: true },
    { ...common, name: "no-process-or-setting-can-be-read", source: "reader-proc.c", quick: true },
    { ...common, name: "no-device-can-be-opened", source: "reader-devices.c", quick: true },
    { ...common, name: "no-file-of-the-host-can-be-written", source: "writer.c", quick: true },
    { ...common, name: "the-input-cannot-be-written", source: "writer-input.c", quick: true },
    { ...common, name: "no-device-can-be-replaced-or-made", source: "writer-devices.c" },
    {
      ...common,
      name: "nothing-writable-is-to-be-found",
      source: "writable.c",
      limits: { timeS: 20, memoryMiB: 256 },
    },
    { ...common, name: "open-files-are-bounded", source: "descriptors.c", quick: true },
  ];
}

function answers(): HostileProgram[] {
  const common = { ...probe, guarantee: "answers" } as const;
  return [
    { ...common, name: "no-answer-can-be-read", source: "reader-answers.c", quick: true },
    { ...common, name: "the-mount-table-leads-to-no-answer", source: "reader-mounts.c" },
    { ...common, name: "a-program-finds-only-itself", source: "reader-others.c" },
    { ...common, name: "python-finds-only-itself", source: "reader.py", language: "python3" },
    { ...common, name: "java-finds-no-secret", source: "reader.java", language: "java" },
  ];
}

function privileges(): HostileProgram[] {
  const common = { ...probe, guarantee: "privileges" } as const;
  return [
    { ...common, name: "no-other-user-can-be-become", source: "privileges.c", quick: true },
    { ...common, name: "no-capability-is-left", source: "capabilities.c", quick: true },
    { ...common, name: "set-user-id-gives-nothing", source: "set-user-id.c" },
    { ...common, name: "no-bound-can-be-raised", source: "bounds.c", quick: true },
  ];
}

function kernel(): HostileProgram[] {
  const common = { ...probe, guarantee: "kernel" } as const;
  return [
    { ...common, name: "nothing-can-be-mounted", source: "mounts.c", quick: true },
    { ...common, name: "the-root-cannot-be-changed-or-left", source: "roots.c" },
    { ...common, name: "no-namespace-can-be-had-or-entered", source: "namespaces.c", quick: true },
    { ...common, name: "no-process-can-be-traced", source: "tracing.c", quick: true },
    { ...common, name: "keyrings-are-closed", source: "keyrings.c", quick: true },
    { ...common, name: "io-uring-is-closed", source: "rings.c", quick: true },
    { ...common, name: "bpf-perf-and-userfaultfd-are-closed", source: "programs-in-kernel.c" },
    { ...common, name: "files-by-handle-are-closed", source: "handles.c" },
    { ...common, name: "the-kernel-cannot-be-replaced", source: "modules.c" },
    { ...common, name: "the-personality-cannot-be-changed", source: "personality.c" },
    { ...common, name: "pages-cannot-be-moved-or-hidden", source: "pages.c" },
    { ...common, name: "32-bit-calls-are-closed", source: "old-calls.c", quick: true, expected: ["RTE"] },
    { ...common, name: "x32-calls-are-closed", source: "x32-calls.c" },
  ];
}

function signals(): HostileProgram[] {
  const common = { ...probe, guarantee: "signals" } as const;
  return [
    { ...common, name: "no-other-process-can-be-killed", source: "killer.c", quick: true },
    { ...common, name: "init-cannot-be-signalled", source: "init-signals.c", quick: true },
    { ...common, name: "no-other-process-can-be-slowed-down", source: "priorities.c" },
  ];
}

function leftovers(): HostileProgram[] {
  const common = { ...probe, guarantee: "leftovers", repeated: true } as const;
  return [
    { ...common, name: "no-file-is-left", source: "leftovers.c", quick: true },
    { ...common, name: "no-shared-memory-or-message-is-left", source: "leftovers-ipc.c", quick: true },
    { ...common, name: "no-daemon-is-left", source: "leftovers-daemon.c", quick: true },
    { ...common, name: "the-input-is-whole-every-time", source: "leftovers-input.c" },
    { ...common, name: "every-run-starts-the-same", source: "leftovers-processes.c" },
    { ...common, name: "no-module-is-left", source: "leftovers.py", language: "python3" },
  ];
}

function clocks(): HostileProgram[] {
  const common = { ...probe, guarantee: "clocks" } as const;
  const hidden = { ...common, expected: ["TLE"] } as const;
  return [
    { ...common, name: "no-clock-can-be-set", source: "clocks.c", quick: true },
    { ...common, name: "times-of-files-trouble-nobody", source: "file-times.c" },
    { ...hidden, name: "time-of-short-lived-children-counts", source: "hidden-children.c", quick: true },
    { ...hidden, name: "time-of-short-lived-threads-counts", source: "hidden-threads.c" },
    { ...hidden, name: "time-of-siblings-counts", source: "hidden-siblings.c" },
    { ...hidden, name: "time-before-becoming-another-program-counts", source: "hidden-execs.c", quick: true },
  ];
}

/** Programs that reach for what is not theirs: the network, files, answers, privileges, the kernel, other processes. */
export const isolationPrograms: readonly HostileProgram[] = [
  ...network(),
  ...files(),
  ...answers(),
  ...privileges(),
  ...kernel(),
  ...signals(),
  ...leftovers(),
  ...clocks(),
];
