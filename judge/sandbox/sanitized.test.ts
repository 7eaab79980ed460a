/** Whole runs under AddressSanitizer and UBSan: what surrounds a program is as free of memory errors as the parser. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TEST_UID, whyNoSandbox } from "../testing.ts";
import { buildSanitizedSupervisor } from "./build.ts";
import { asked, type Conversation, converse, limits, program } from "./testing.ts";
import {
  encodeConfiguration,
  encodeRun,
  type Ending,
  type Program,
  type Reply,
  type SupervisedLevel,
} from "./wire.ts";

const reasons = { full: await whyNoSandbox("full"), userns: await whyNoSandbox("userns") };

function shell(script: string, change: Partial<Program> = {}): Program {
  return { ...program, argv: ["/bin/sh", "-c", script], env: ["PATH=/usr/bin:/bin"], ...change };
}

function endingsOf(reply: Reply | undefined): Ending[] {
  if (reply?.type === "result") return reply.endings;
  throw new Error(`no result: ${JSON.stringify(reply)}`);
}

describe.each<SupervisedLevel>(["full", "userns"])(
  "the supervisor under sanitizers, at level %s,",
  (level) => {
    let store: string;
    let supervisor: string;
    beforeAll(async () => {
      supervisor = await buildSanitizedSupervisor();
      store = await mkdtemp(join(tmpdir(), "judge-sanitized-"));
      for (const folder of ["jail", "box", "out", "out-again"]) await mkdir(join(store, folder));
      await writeFile(join(store, "box/word"), "boxed");
      await writeFile(join(store, "input"), "read");
    });
    afterAll(() => rm(store, { recursive: true, force: true }));

    /** Makes a supervisor run these, one after the other. */
    async function runAll(...runs: (readonly Program[])[]): Promise<Conversation & { results: Ending[][] }> {
      const configuration = {
        level,
        uid: TEST_UID,
        processor: 0,
        root: "/",
        jail: join(store, "jail"),
        store,
        binds: [],
      };
      const steps = [encodeConfiguration(configuration), ...runs.map((programs) => encodeRun(programs))];
      const conversation = await converse(supervisor, ...steps.map(asked));
      expect(conversation.code).toBe(0);
      const [ready, ...replies] = conversation.replies;
      expect(ready?.type).toBe("ready");
      return { ...conversation, results: replies.map(endingsOf) };
    }

    const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();
    const everything = (out: string): Program =>
      shell("cat; cat /box/word; echo wrong >&2; mkdir -p a/b; echo made > a/b/c", {
        input: "input",
        collect: out,
        mounts: [{ from: "box", to: "/box" }],
      });

    it.skipIf(reasons[level] !== null)("runs a program with all that one can have", async () => {
      const [[ending] = []] = (await runAll([everything("out")])).results;
      expect(ending).toMatchObject({ exitCode: 0, signal: null, notStarted: null });
      expect(text(ending?.stdout)).toBe("readboxed");
      expect(text(ending?.stderr)).toBe("wrong\n");
      expect(await readFile(join(store, "out/a/b/c"), "utf8")).toBe("made\n");
    });

    it.skipIf(reasons[level] !== null)("joins two programs", async () => {
      const talk = shell("echo question; read answer; echo $answer >&2");
      const [pair = []] = (await runAll([talk, shell("read question; echo answer to $question")])).results;
      expect(pair).toMatchObject([{ exitCode: 0 }, { exitCode: 0 }]);
      expect(text(pair[0]?.stderr)).toBe("answer to question\n");
    });

    it.skipIf(reasons[level] !== null).each<[what: string, run: Program, ending: Partial<Ending>]>([
      [
        "no such program",
        { ...program, argv: ["/nowhere"] },
        { exitCode: null, notStarted: expect.any(String) },
      ],
      [
        "no such mount",
        { ...program, mounts: [{ from: "none", to: "/box" }] },
        { notStarted: expect.any(String) },
      ],
      ["a signal", shell("kill -9 $$"), { exitCode: null, signal: 9 }],
      ["CPU time", shell("while :; do :; done", { limits: { ...limits, cpuMs: 200 } }), { timedOut: true }],
      ["the clock", shell("sleep 20", { limits: { ...limits, wallMs: 300 } }), { timedOut: true }],
      ["output", shell("yes"), { outputExceeded: true }],
      ["errors cut", shell("yes | head -c 5000 >&2"), { exitCode: 0, stderrCut: true }],
      ["memory", shell("tail /dev/full", { limits: { ...limits, wallMs: 20_000 } }), { outOfMemory: true }],
    ])("tells of an end by %s", async (_what, run, ending) => {
      expect((await runAll([run])).results).toMatchObject([[ending]]);
    });

    it.skipIf(reasons[level] !== null)("has no more on its heap after many runs than after one", async () => {
      const ordinary = [shell("cat; echo wrong >&2", { input: "input" })];
      const once = await runAll(ordinary);
      const often = await runAll(
        ordinary,
        [shell("yes")],
        [{ ...program, argv: ["/nowhere"] }],
        [everything("out-again")],
        [shell("yes"), shell("cat")],
        [shell("sleep 9", { limits: { ...limits, wallMs: 50 } })],
        ordinary,
      );
      expect(once.leftBytes).toBeGreaterThan(0);
      expect(often.leftBytes).toBe(once.leftBytes);
    });
  },
);
