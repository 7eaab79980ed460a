/** The doctor itself: what it reports of programs that are held, that are not, and that cannot be tried. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as v from "valibot";
import { CheckReport, Guarantee } from "../protocol/judge-check.ts";
import { describeReport, examine } from "./doctor.ts";
import type { HostileProgram } from "./hostile/program.ts";
import { hostilePrograms } from "./hostile/suite.ts";
import { watchResidue } from "./residue.ts";
import type { Slot } from "./slot.ts";
import { openTestSlot, whyNoSandbox } from "./testing.ts";

describe("the hostile programs", () => {
  it("have names of their own, and try every guarantee, quickly and at length", () => {
    expect(new Set(hostilePrograms.map(({ name }) => name)).size).toBe(hostilePrograms.length);
    for (const quick of [true, false]) {
      const tried = new Set(
        hostilePrograms.filter((program) => program.quick === quick).map(({ guarantee }) => guarantee),
      );
      expect(Guarantee.options.filter((id) => !tried.has(id))).toEqual([]);
    }
  });
});

describe.skipIf((await whyNoSandbox()) !== null)("the doctor", () => {
  let slot: Slot;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ slot, close } = await openTestSlot());
  });
  afterAll(() => close());

  const nothing = (): Promise<string[]> => Promise.resolve([]);
  const held: HostileProgram = {
    name: "a-probe-is-contained",
    source: "harmless.c",
    language: "c",
    guarantee: "files",
    quick: true,
    expected: ["AC"],
  };

  it("says that a guarantee holds, how many programs tried it, and which were not tried", async () => {
    const report = await examine(slot, { programs: [held, held], residue: nothing });
    expect(v.parse(CheckReport, report)).toEqual(report);
    expect(report).toMatchObject({ level: "full", reason: slot.sandbox.reason });
    const lines = describeReport(report);
    expect(lines).toHaveLength(Guarantee.options.length);
    expect(lines).toContain("holds          files: 2 programs held");
    expect(lines).toContain("not checked    work folder: no program of this kind was run");
  });

  it("says what it saw of a program that does something else than it must", async () => {
    const answer = "nothing of the kind\n";
    const report = await examine(slot, { programs: [held, { ...held, answer }], residue: nothing });
    expect(describeReport(report)).toContain(
      "does not hold  files: a-probe-is-contained: expected AC, saw WA (contained)",
    );
  });

  it("does not let a right verdict make up for what a program leaves behind", async () => {
    const residue = (): Promise<string[]> => Promise.resolve(["the process 7 (cat) is left"]);
    const report = await examine(slot, { programs: [held], residue });
    expect(describeReport(report)).toContain(
      "does not hold  files: a-probe-is-contained: the process 7 (cat) is left",
    );
  });

  it("does not count as held what it could not try", async () => {
    const notGiven = { ...held, at: { full: { notGiven: "nobody gives that" } } };
    const report = await examine(
      { ...slot, toolchains: new Map([...slot.toolchains].filter(([id]) => id === "c")) },
      { programs: [notGiven, { ...held, language: "java", guarantee: "memory" }], residue: nothing },
    );
    const lines = describeReport(report);
    expect(lines).toContain("not checked    files: nobody gives that");
    expect(lines).toContain("not checked    memory: this judge does not have the language java");
  });

  it("says that nothing holds when the sandbox no longer judges", async () => {
    const dead = await openTestSlot();
    await dead.close();
    const report = await examine(dead.slot, { programs: [held], residue: nothing });
    expect(describeReport(report).join("\n")).toMatch(/does not hold {2}files: .*saw no verdict/);
  });

  it("never runs at level process what could harm the machine", async () => {
    const unsafe = { ...slot, sandbox: { ...slot.sandbox, level: "process" as const } };
    const programs = hostilePrograms.filter(({ at }) => at?.process === undefined);
    expect(programs.map(({ name }) => name)).toContain("a-fork-bomb-is-stopped");
    const { guarantees } = await examine(unsafe, { programs, residue: nothing });
    expect(guarantees.filter(({ state }) => state !== "unchecked")).toEqual([]);
  });

  it("finds files, and processes with their cgroups, that were not there before, and tells of each once", async () => {
    const residue = await watchResidue(slot.sandbox);
    expect(await residue()).toEqual([]);
    const folder = await slot.store.newFolder();
    await slot.store.write(`${folder}/left`, "");
    expect(await residue()).toEqual([
      `the file ${folder} is left in the store`,
      `the file ${folder}/left is left in the store`,
    ]);
    expect(await residue()).toEqual([]);
    const running = slot.sandbox.run({
      argv: ["/bin/sleep", "4"],
      env: [],
      input: null,
      collect: null,
      mounts: [],
      limits: {
        cpuMs: 1000,
        wallMs: 5000,
        memoryBytes: 64 << 20,
        outputBytes: 1,
        errorBytes: 1,
        workBytes: 1 << 20,
        workInodes: 100,
        processes: 10,
      },
    });
    expect((await residue()).join("\n")).toMatch(
      /the process \d+ \(sleep\) is left[\s\S]*the cgroup .* is left/,
    );
    await running;
  });
});
