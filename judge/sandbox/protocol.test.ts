import { beforeAll, describe, expect, it } from "vitest";
import { seededRandom } from "../../rules/seeded-random.ts";
import { judgeCgroups, processesOf, TEST_UID, until, whyNoSandbox } from "../testing.ts";
import { asked, converse, limits, program, said, supervisors } from "./testing.ts";
import {
  type Configuration,
  decodeReply,
  encodeConfiguration,
  encodeRun,
  frame,
  frameReader,
  type Program,
  PROTOCOL_VERSION,
  type Reply,
  WireError,
} from "./wire.ts";

const isLong = process.env["TEST_LONG"] === "1";
const configuration: Configuration = {
  level: "full",
  uid: TEST_UID,
  processor: null,
  root: "/",
  jail: "/tmp",
  store: "/tmp",
  binds: [],
};
const configure = encodeConfiguration(configuration);
const run = encodeRun([{ ...program, argv: ["/bin/true", "a", "b"], env: ["A=b"] }]);

/** Where in frames certain parts begin: behind length, version and kind. */
const PAYLOAD = 6;
const UID = configure.indexOf(u32(TEST_UID), PAYLOAD);
const JAIL = configure.indexOf(text("/tmp"), PAYLOAD);
const ARGUMENTS = PAYLOAD + 1;

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function text(content: string): Buffer {
  return Buffer.concat([u32(content.length), Buffer.from(content)]);
}

/** A copy with other bytes at one place. */
function changed(bytes: Buffer, at: number, ...values: number[]): Buffer {
  const copy = Buffer.from(bytes);
  copy.set(values, at);
  return copy;
}

/** The bytes one by one. */
function singly(bytes: Buffer): Buffer[] {
  return Array.from(bytes, (byte) => Buffer.from([byte]));
}

/** What a reply says is wrong. */
function complaint(reply: Reply | undefined): string {
  if (reply?.type === "failed") return reply.message;
  return (reply?.type === "result" ? reply.endings[0]?.notStarted : null) ?? "";
}

describe.skipIf(process.platform !== "linux").each(supervisors)("%s, spoken to wrongly,", (_name, build) => {
  let supervisor: string;
  beforeAll(async () => {
    supervisor = await build();
  });

  it("ends well at the end of its input", async () => {
    expect(await converse(supervisor)).toMatchObject({ code: 0, replies: [] });
  });

  it.each<[what: string, bytes: Buffer, message: RegExp]>([
    ["bytes that are no frame", Buffer.from("GET / HTTP/1.1\r\n\r\n"), /is not a request/],
    ["a length of nothing", Buffer.alloc(6), / 0 bytes is not a request/],
    ["a length without room for a kind", changed(configure, 0, 1, 0, 0, 0), / 1 bytes is not a request/],
    ["a length of 4 GiB", Buffer.from([255, 255, 255, 255, PROTOCOL_VERSION, 1]), /is not a request/],
    ["a length of 2 GiB", Buffer.from([0, 0, 0, 128, PROTOCOL_VERSION, 1]), /is not a request/],
    ["one byte more than 1 MiB", Buffer.from([1, 0, 16, 0, PROTOCOL_VERSION, 1]), /is not a request/],
    ["1 MiB that does not come", Buffer.from([0, 0, 16, 0, PROTOCOL_VERSION, 1]), /ended inside a frame/],
    ["1 MiB of zeros", frame(1, Buffer.alloc(2 ** 20 - 2)), /malformed configuration/],
    ["half a head", configure.subarray(0, 3), /ended inside a frame's head/],
    ["half a frame", configure.subarray(0, 20), /ended inside a frame/],
    ["another version", changed(configure, 4, 99), /version 99 spoken, \d understood/],
    ["an unknown request", changed(configure, 5, 77), /request 77 out of turn/],
    ["request 0", changed(configure, 5, 0), /request 0 out of turn/],
    ["a run before a configuration", run, /request 2 out of turn/],
    ["a configuration of nothing", frame(1, Buffer.alloc(0)), /malformed configuration/],
    ["a configuration that ends early", frame(1, configure.subarray(6, -2)), /malformed configuration/],
    [
      "a configuration that goes on",
      frame(1, Buffer.concat([configure.subarray(6), Buffer.of(0)])),
      /malformed/,
    ],
    ["a text that is longer than the frame", changed(configure, JAIL, 100), /malformed/],
    ["a text of 4 GiB", changed(configure, JAIL, 255, 255, 255, 255), /malformed/],
    ["a text with a NUL in it", changed(configure, JAIL + 5, 0), /malformed/],
    ["more binds than come", changed(configure, configure.length - 4, 3), /malformed/],
    ["4 billion binds", changed(configure, configure.length - 4, 255, 255, 255, 255), /malformed/],
    ["root as the user", changed(configure, UID, 0, 0, 0, 0), /user 0/],
    ["no user at all", changed(configure, UID, 255, 255, 255, 255), /user 4294967295/],
    [
      "a relative store",
      encodeConfiguration({ ...configuration, store: "tmp" }),
      /absolute, plain and not too long/,
    ],
    [
      "a store with ..",
      encodeConfiguration({ ...configuration, store: "/tmp/../etc" }),
      /absolute, plain and not too long/,
    ],
    [
      "a path longer than any folder's",
      encodeConfiguration({ ...configuration, store: `/${"folder/".repeat(200)}end` }),
      /absolute, plain and not too long/,
    ],
    ["no jail", encodeConfiguration({ ...configuration, jail: "" }), /absolute, plain and not too long/],
    [
      "a bind with a dot",
      encodeConfiguration({ ...configuration, binds: [{ from: "/usr/./lib", to: "/x" }] }),
      /absolute, plain and not too long/,
    ],
  ])("answers %s with what is wrong, and ends", async (_what, bytes, message) => {
    const { code, replies } = await converse(supervisor, said(bytes));
    expect(replies).toHaveLength(1);
    expect(complaint(replies[0])).toMatch(message);
    expect(code).toBe(2);
  });

  it("tells the end of its input from the end inside a request, wherever that is", async () => {
    for (let length = 1; length < configure.length; length++) {
      const { code, replies } = await converse(supervisor, said(configure.subarray(0, length)));
      expect([code, replies.length], `after ${length} bytes`).toEqual([2, 1]);
      expect(complaint(replies[0])).toMatch(length < PAYLOAD ? /inside a frame's head/ : /inside a frame$/);
    }
  });
});

const cannotRun = await whyNoSandbox();
describe.skipIf(cannotRun !== null).each(supervisors)(
  "%s, configured and then spoken to wrongly,",
  (_name, build) => {
    let supervisor: string;
    beforeAll(async () => {
      supervisor = await build();
    });

    const changedProgram = (change: Partial<Program>): Buffer => encodeRun([{ ...program, ...change }]);
    it.each<[what: string, request: Buffer, message: RegExp]>([
      ["no program", changedProgram({ argv: [] }), /no program to run/],
      [
        "a mount point that is none",
        changedProgram({ mounts: [{ from: "x", to: "/etc" }] }),
        /not a mount point/,
      ],
      [
        "a mount from outside the store",
        changedProgram({ mounts: [{ from: "../x", to: "/box" }] }),
        /not a path inside the store/,
      ],
      [
        "a mount that does not exist",
        changedProgram({ mounts: [{ from: "no-such-folder", to: "/box" }] }),
        /a folder of the store.*No such file/,
      ],
      ["an input that does not exist", changedProgram({ input: "no-such-file" }), /cannot open the input/],
      [
        "an input from outside the store",
        changedProgram({ input: "/etc/passwd" }),
        /not a path inside the store/,
      ],
      [
        "a place for files outside the store",
        changedProgram({ collect: "a/../../b" }),
        /not a path inside the store/,
      ],
      ["no time", changedProgram({ limits: { ...limits, cpuMs: 0 } }), /limit is missing/],
      ["no memory", changedProgram({ limits: { ...limits, memoryBytes: 0 } }), /memory limit of 0 bytes/],
      ["too much output", changedProgram({ limits: { ...limits, outputBytes: 2 ** 31 } }), /more than 1 GiB/],
      [
        "work without bounds",
        changedProgram({ limits: { ...limits, workBytes: 2 ** 40 } }),
        /a work folder of/,
      ],
      ["600 arguments", changedProgram({ argv: Array.from({ length: 600 }, () => "x") }), /malformed/],
      ["an argument fewer than announced", changed(run, ARGUMENTS, 4), /malformed/],
      ["4 billion arguments", changed(run, ARGUMENTS, 255, 255, 255, 255), /malformed/],
      ["a NUL in an argument", changed(run, ARGUMENTS + 9, 0), /malformed/],
      ["a run of nothing", frame(2, Buffer.alloc(0)), /neither one nor two/],
      ["a run of three", changed(run, PAYLOAD, 3), /neither one nor two/],
      ["two programs of which one comes", changed(run, PAYLOAD, 2), /malformed/],
      ["a run that goes on", frame(2, Buffer.concat([run.subarray(6), Buffer.of(0)])), /bytes left over/],
    ])("refuses %s, and goes on", async (_what, request, message) => {
      const { code, replies } = await converse(supervisor, asked(configure), asked(request), asked(run));
      expect(replies.map(({ type }) => type)).toEqual(["ready", expect.any(String), "result"]);
      expect(complaint(replies[1])).toMatch(message);
      expect(replies[2]).toMatchObject({ endings: [{ exitCode: 0 }] });
      expect(code).toBe(0);
    });

    it("understands frames that come byte by byte", async () => {
      const { code, replies } = await converse(
        supervisor,
        { pieces: singly(configure), answers: 1 },
        { pieces: singly(run), answers: 1 },
      );
      expect(replies).toMatchObject([{ type: "ready" }, { type: "result", endings: [{ exitCode: 0 }] }]);
      expect(code).toBe(0);
    });

    it("understands a request and the next in one piece", async () => {
      const both = { pieces: [Buffer.concat([configure, run])], answers: 2 };
      const { code, replies } = await converse(supervisor, both);
      expect(replies).toMatchObject([{ type: "ready" }, { type: "result", endings: [{ exitCode: 0 }] }]);
      expect(code).toBe(0);
    });

    it("refuses to be configured twice", async () => {
      const { code, replies } = await converse(supervisor, asked(configure), asked(configure));
      expect(replies.map(({ type }) => type)).toEqual(["ready", "failed"]);
      expect(complaint(replies[1])).toMatch(/request 1 out of turn/);
      expect(code).toBe(2);
    });

    it.each<[what: string, bytes: Buffer]>([
      ["another request", run],
      ["half a request", run.subarray(0, 10)],
      ["the end of the input", Buffer.alloc(0)],
    ])(
      "takes %s while a program runs for the service's end: ends it, and leaves nothing",
      async (_what, bytes) => {
        const sleep = encodeRun([
          { ...program, argv: ["/bin/sleep", "60"], limits: { ...limits, wallMs: 60_000 } },
        ]);
        const runs = (): Promise<void> => until(async () => (await processesOf(TEST_UID)).length > 0);
        const { pid, code, replies } = await converse(
          supervisor,
          asked(configure),
          { ...said(sleep), meanwhile: runs },
          said(bytes),
        );
        // No result: the program did not sleep to its end.
        expect(replies.map(({ type }) => type)).toEqual(["ready"]);
        expect(code).toBe(2);
        expect(await processesOf(TEST_UID)).toEqual([]);
        expect(await judgeCgroups([pid ?? 0])).toEqual([]);
      },
    );

    it("tells the end of its input from the end inside a run, wherever that is", async () => {
      for (let length = 1; length < run.length; length += isLong ? 1 : 7) {
        const { code, replies } = await converse(supervisor, asked(configure), said(run.subarray(0, length)));
        expect([code, replies.length], `after ${length} bytes`).toEqual([2, 2]);
        expect(complaint(replies[1])).toMatch(length < PAYLOAD ? /inside a frame's head/ : /inside a frame$/);
      }
    });

    it("survives frames with bytes changed at random", { timeout: 300_000 }, async () => {
      const rounds = isLong ? 1500 : 30;
      const random = seededRandom(20_251_122);
      for (let round = 0; round < rounds; round++) {
        const spoilt = Buffer.from(round % 2 === 0 ? configure : run);
        // The head stays, or all that is tested is the head.
        for (let changes = 0; changes <= round % 4; changes++)
          spoilt[PAYLOAD + Math.floor(random() * (spoilt.length - PAYLOAD))] = Math.floor(random() * 256);
        const steps = round % 2 === 0 ? [asked(spoilt)] : [asked(configure), asked(spoilt)];
        const { code } = await converse(supervisor, ...steps);
        expect([0, 2], `after ${spoilt.toString("hex")}`).toContain(code);
      }
    });
  },
);

describe("the service, spoken to wrongly,", () => {
  const ready = frame(1, Buffer.from([2, 0, 0, 0, 104, 105]));

  it("takes frames in whatever pieces they come", () => {
    for (const size of [1, 2, 3, 5, 1000]) {
      const read = frameReader();
      const both = Buffer.concat([ready, ready]);
      const replies: Reply[] = [];
      for (let at = 0; at < both.length; at += size) replies.push(...read(both.subarray(at, at + size)));
      expect(replies).toEqual([
        { type: "ready", reason: "hi" },
        { type: "ready", reason: "hi" },
      ]);
    }
  });

  it.each<[what: string, body: Buffer]>([
    ["another version", changed(ready.subarray(4), 0, PROTOCOL_VERSION + 1)],
    ["an unknown reply", changed(ready.subarray(4), 1, 9)],
    ["a reply that ends early", ready.subarray(4, -1)],
    ["a reply that goes on", Buffer.concat([ready.subarray(4), Buffer.from([0])])],
  ])("refuses %s", (_what, body) => {
    expect(() => decodeReply(body)).toThrow(WireError);
  });

  it("refuses a length that no reply has", () => {
    expect(() => frameReader()(Buffer.from([255, 255, 255, 255]))).toThrow(WireError);
  });
});
