import { describe, expect, it } from "vitest";
import type { Program } from "../sandbox.ts";
import { withoutJail } from "./jail-paths.ts";

const mounts = [
  { from: "/tmp/it's a folder/source", to: "/box" },
  { from: "/tmp/it's a folder/pch", to: "/pch" },
  { from: "/tmp/it's a folder/work", to: "/scratch" },
];

function translated(argv: string[], env: string[] = []) {
  const program: Program = {
    argv,
    env,
    input: null,
    collect: null,
    mounts: [],
    limits: {
      cpuMs: 1,
      wallMs: 1,
      memoryBytes: 1,
      outputBytes: 1,
      errorBytes: 1,
      workBytes: 1,
      workInodes: 1,
      processes: 1,
    },
  };
  return withoutJail(program, mounts);
}

describe("a command without its jail", () => {
  it("has this machine's folders in place of the jail's: alone, after = and after -I", () => {
    const words = ["/box/main", "/box", "-I/pch", "--dir=/scratch/", "-Dx=/box/a=b", "/scratch/"];
    expect(translated(words).argv).toEqual([
      "/tmp/it's a folder/source/main",
      "/tmp/it's a folder/source",
      "-I/tmp/it's a folder/pch",
      "--dir=/tmp/it's a folder/work/",
      "-Dx=/tmp/it's a folder/source/a=b",
      "/tmp/it's a folder/work/",
    ]);
  });

  it("keeps all other words", () => {
    const words = ["/usr/bin/python3", "/boxes/x", "box", "open('/box/x')", "-x/box", "", "a\n/box"];
    expect(translated(words).argv).toEqual(words);
  });

  it("has the home of the environment in the work folder", () => {
    const { env } = translated(["/box/main"], ["PATH=/usr/bin:/bin", "HOME=/scratch", "EMPTY="]);
    expect(env).toEqual({ PATH: "/usr/bin:/bin", HOME: "/tmp/it's a folder/work", EMPTY: "" });
  });

  it("speaks of the jail's folders again in what it printed, byte by byte", () => {
    const { hide } = translated(["/box/main"]);
    const said = Buffer.concat([
      Buffer.from("/tmp/it's a folder/source/main.c:1: $& "),
      Buffer.from([0xff, 0]),
    ]);
    expect(Buffer.from(hide(said))).toEqual(
      Buffer.concat([Buffer.from("/box/main.c:1: $& "), Buffer.from([0xff, 0])]),
    );
  });
});
