import { spawn } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";
import { seededRandom } from "../../rules/seeded-random.ts";
import { whyNoSandbox } from "../testing.ts";
import { buildSupervisor } from "./build.ts";
import {
  decodeReply,
  encodeConfiguration,
  encodeRun,
  frame,
  frameReader,
  type Reply,
  WireError,
} from "./wire.ts";

const limits = {
  cpuMs: 1000,
  wallMs: 1000,
  memoryBytes: 2 ** 25,
  outputBytes: 1000,
  errorBytes: 1000,
  workBytes: 2 ** 20,
  workInodes: 100,
  processes: 10,
};
const program = { argv: ["/bin/true"], env: [], input: null, collect: null, mounts: [], limits };
const configuration = {
  level: "full" as const,
  uid: 10_001,
  processor: null,
  root: "/",
  jail: "/tmp",
  store: "/tmp",
  binds: [],
};

/** Says these frames to a new supervisor, each but the first after an answer, and ends its input after the last one's. */
async function say(
  supervisor: string,
  ...frames: Buffer[]
): Promise<{ code: number | null; replies: Reply[] }> {
  const child = spawn(supervisor, [], { stdio: ["pipe", "pipe", "inherit"] });
  const read = frameReader();
  const replies: Reply[] = [];
  const [first, ...others] = frames;
  const next = (): void => {
    const bytes = others.shift();
    if (bytes === undefined) child.stdin.end();
    else child.stdin.write(bytes);
  };
  child.stdout.on("data", (bytes: Buffer) => {
    for (const reply of read(bytes)) {
      replies.push(reply);
      next();
    }
  });
  child.stdin.on("error", () => undefined);
  // What is not a whole frame is not answered before the end of the input.
  if (others.length > 0) child.stdin.write(first);
  else child.stdin.end(first);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, replies };
}

function changed(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = value;
  return copy;
}

describe.skipIf((await whyNoSandbox()) !== null)("the supervisor, spoken to wrongly,", () => {
  let supervisor: string;
  beforeAll(async () => {
    supervisor = await buildSupervisor();
  });

  const whole = encodeConfiguration(configuration);
  it.each<[what: string, bytes: Buffer, message: RegExp]>([
    ["bytes that are no frame", Buffer.from("GET / HTTP/1.1\r\n\r\n"), /is not a request/],
    ["a length of nothing", Buffer.alloc(6), /0 bytes is not a request/],
    ["a length of 4 GiB", Buffer.from([255, 255, 255, 255, 1, 1]), /is not a request/],
    ["half a head", whole.subarray(0, 3), /ended inside a frame's head/],
    ["half a frame", whole.subarray(0, 20), /ended inside a frame/],
    ["another version", changed(whole, 4, 9), /version 9 spoken, 1 understood/],
    ["an unknown request", changed(whole, 5, 77), /request 77 out of turn/],
    ["a run before a configuration", encodeRun([program]), /out of turn/],
    ["a configuration that ends early", frame(1, whole.subarray(6, -2)), /malformed configuration/],
    [
      "a configuration that goes on",
      frame(1, Buffer.concat([whole.subarray(6), Buffer.from([0])])),
      /malformed/,
    ],
    ["a text that is longer than the frame", changed(whole, 13, 100), /malformed/],
    ["a text with a NUL in it", changed(whole, 16, 0), /malformed/],
    ["root as the user", encodeConfiguration({ ...configuration, uid: 0 }), /user 0/],
    ["a relative store", encodeConfiguration({ ...configuration, store: "tmp" }), /absolute and plain/],
    [
      "a store with ..",
      encodeConfiguration({ ...configuration, store: "/tmp/../etc" }),
      /absolute and plain/,
    ],
  ])("answers %s with what is wrong, and ends", async (_what, bytes, message) => {
    const { code, replies } = await say(supervisor, bytes);
    expect(replies).toHaveLength(1);
    expect(replies[0]?.type === "failed" && replies[0].message).toMatch(message);
    expect(code).toBe(2);
  });

  it("ends well at the end of its input", async () => {
    expect(await say(supervisor)).toEqual({ code: 0, replies: [] });
  });

  it.each<[what: string, change: object, message: RegExp]>([
    ["no program", { argv: [] }, /no program to run/],
    ["a mount point that is none", { mounts: [{ from: "x", to: "/etc" }] }, /not a mount point/],
    [
      "a mount from outside the store",
      { mounts: [{ from: "../x", to: "/box" }] },
      /not a path inside the store/,
    ],
    [
      "a mount that does not exist",
      { mounts: [{ from: "no-such-folder", to: "/box" }] },
      /a folder of the store.*No such file/,
    ],
    ["an input that does not exist", { input: "no-such-file" }, /cannot open the input/],
    ["no time", { limits: { ...limits, cpuMs: 0 } }, /limit is missing/],
    ["no memory", { limits: { ...limits, memoryBytes: 0 } }, /memory limit of 0 bytes/],
    ["too much output", { limits: { ...limits, outputBytes: 2 ** 31 } }, /more than 1 GiB/],
    ["work without bounds", { limits: { ...limits, workBytes: 2 ** 40 } }, /a work folder of/],
    ["600 arguments", { argv: Array.from({ length: 600 }, () => "x") }, /malformed/],
  ])("refuses %s, and goes on", async (_what, change, message) => {
    const { code, replies } = await say(supervisor, whole, encodeRun([{ ...program, ...change }]));
    const [ready, refused] = replies;
    expect(ready?.type).toBe("ready");
    const said =
      refused?.type === "failed"
        ? refused.message
        : refused?.type === "result"
          ? refused.endings[0]?.notStarted
          : "";
    expect(said).toMatch(message);
    expect(code).toBe(0);
  });

  it(
    "survives frames with bytes changed at random, for a minute when tests may be long",
    { timeout: 180_000 },
    async () => {
      const rounds = process.env["TEST_LONG"] === "1" ? 6000 : 60;
      const random = seededRandom(20_251_122);
      const run = encodeRun([{ ...program, argv: ["/bin/true", "a", "b"], env: ["A=b"] }]);
      for (let round = 0; round < rounds; round++) {
        const spoilt = Buffer.from(round % 2 === 0 ? whole : run);
        // The head stays, or all that is tested is the head.
        for (let changes = 0; changes <= round % 4; changes++)
          spoilt[6 + Math.floor(random() * (spoilt.length - 6))] = Math.floor(random() * 256);
        const { code } = await say(supervisor, ...(round % 2 === 0 ? [spoilt] : [whole, spoilt]));
        expect([0, 2], `after ${spoilt.toString("hex")}`).toContain(code);
      }
    },
  );

  it("refuses to be configured twice", async () => {
    const { code, replies } = await say(supervisor, whole, whole);
    expect(replies.map(({ type }) => type)).toEqual(["ready", "failed"]);
    expect(code).toBe(2);
  });
});

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
    ["another version", changed(ready.subarray(4), 0, 2)],
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
