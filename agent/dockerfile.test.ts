import { globSync, readFileSync } from "node:fs";
import { dirname, join, matchesGlob, normalize, resolve } from "node:path";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { readSettings } from "./settings.ts";

// No test here can build an image: these read what would build it.

const ROOT = resolve(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** The instructions of the file: a word and what follows it, with the lines that go on joined. */
const instructions = read("agent/Dockerfile")
  .replaceAll(/^#.*\n/gm, "")
  .replaceAll("\\\n", " ")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => ({ name: line.split(" ")[0] ?? "", rest: line.slice(line.indexOf(" ") + 1).trim() }));
const last = (name: string): string => instructions.findLast((one) => one.name === name)?.rest ?? "";
const words = (name: string): string[] => v.parse(v.array(v.string()), JSON.parse(last(name)));

/** By the rules of a .dockerignore: the last pattern that fits a file or a folder above it decides. */
function isIgnored(path: string): boolean {
  let ignored = false;
  for (const line of read("agent/Dockerfile.dockerignore").trim().split("\n")) {
    const pattern = line.replace("!", "");
    const folders = path.split("/").map((_, index, parts) => parts.slice(0, index + 1).join("/"));
    // Docker's asterisk means names that begin with a dot too.
    if (pattern === "*" || folders.some((folder) => matchesGlob(folder, pattern)))
      ignored = !line.startsWith("!");
  }
  return ignored;
}

const sent = ["agent", "provider", "protocol"]
  .flatMap((room) =>
    globSync(`${room}/**/*`, { cwd: ROOT, withFileTypes: true, exclude: ["**/node_modules"] }),
  )
  .filter((entry) => entry.isFile())
  .map((entry) =>
    join(entry.parentPath, entry.name)
      .slice(ROOT.length + 1)
      .replaceAll("\\", "/"),
  )
  .filter((path) => !isIgnored(path));

/** What the last stage has of the project's files, by where they are in it. */
const copies = instructions
  .slice(instructions.findLastIndex(({ name }) => name === "FROM"))
  .filter(({ name, rest }) => name === "COPY" && !rest.startsWith("--from"))
  .map(({ rest }) => rest.split(" "));

const importsOf = (path: string): string[] =>
  [...read(path).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"([^"]+)"/g)].map(([, specifier = ""]) => specifier);

describe("the agent's Dockerfile", () => {
  it("copies what is there and what is sent to it", () => {
    const all = instructions.filter(({ name, rest }) => name === "COPY" && !rest.startsWith("--from"));
    const sources = all.flatMap(({ rest }) => rest.split(" ").slice(0, -1));
    expect(sources).toEqual([
      "agent/package.json",
      "agent/package-lock.json",
      "agent/package.json",
      "protocol",
      "provider",
      "agent",
    ]);
    for (const source of sources)
      expect(sent.some((path) => path === source || path.startsWith(`${source}/`))).toBe(true);
  });

  it("gets no tests, no packages of this machine, and nothing that only trains", () => {
    expect(sent.filter((path) => /\.test\.ts$|testing|node_modules|model\/.*\.ts$/.test(path))).toEqual([]);
    expect(sent).toContain("agent/model/tabarena-tiny.gguf");
    expect(isIgnored("agent/node_modules/ws/package.json")).toBe(true);
    for (const path of ["package.json", ".git/config", ".data/db", "worker/index.ts", "agent/main.test.ts"])
      expect(isIgnored(path)).toBe(true);
  });

  it("has every file and every package that its program imports", () => {
    expect(copies).toEqual([
      ["agent/package.json", "./"],
      ["protocol", "protocol"],
      ["provider", "provider"],
      ["agent", "agent"],
    ]);
    const { dependencies } = v.parse(
      v.object({ dependencies: v.record(v.string(), v.string()) }),
      JSON.parse(read("agent/package.json")),
    );
    const [program, entry = ""] = words("ENTRYPOINT");
    expect(program).toBe("node");
    const seen = new Set<string>();
    const look = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      expect(sent).toContain(path);
      for (const specifier of importsOf(path)) {
        if (specifier.startsWith(".")) look(normalize(join(dirname(path), specifier)).replaceAll("\\", "/"));
        else if (!specifier.startsWith("node:")) expect(Object.keys(dependencies)).toContain(specifier);
      }
    };
    look(entry);
    expect(seen).toContain("protocol/provider.ts");
    expect(seen).toContain("agent/llama-package.ts");
  });

  it("starts as somebody who owns nothing but the folder of models, with the agent's help where nothing is said", () => {
    expect(last("USER")).toBe("node");
    expect(instructions.findIndex(({ name }) => name === "USER")).toBeGreaterThan(
      instructions.findLastIndex(({ name }) => name === "COPY"),
    );
    expect(readSettings(words("CMD"), {})).toEqual({ command: "help" });
    expect(last("STOPSIGNAL")).toBe("SIGTERM");
    expect(last("VOLUME")).toBe(/XDG_CACHE_HOME=(\S+)/.exec(last("ENV"))?.[1]);
  });

  it("holds no secret, and takes none while it is built", () => {
    expect(instructions.filter(({ name }) => name === "ARG")).toEqual([]);
    expect(instructions.filter(({ rest }) => /TOKEN|_KEY|secret/i.test(rest))).toEqual([]);
  });

  it("is run as the documentation says", () => {
    const docs = read("docs/providers.md").replaceAll("\\\n", " ");
    const commands = [...docs.matchAll(/^docker run .* tabarena-agent (--.*)$/gm)];
    expect(commands.length).toBeGreaterThan(0);
    const env = { AGENT_TOKEN: `tab-provider-${"0a".repeat(32)}`, AGENT_URL: "https://tabarena.example.com" };
    for (const [, command = ""] of commands)
      expect(readSettings(command.trim().split(/\s+/), env)).toMatchObject({ command: "serve" });
  });
});
