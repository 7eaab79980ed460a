import { describe, expect, it } from "vitest";
import { HELP, readSettings, type ServeSettings } from "./settings.ts";

const token = `tab-provider-${"0a".repeat(32)}`;
const env = { AGENT_TOKEN: token };
const gguf = ["--gguf", "model.gguf"];
const rest = ["--url", "http://localhost:8787", "--model", "m", "--price-in", "0.25", "--price-out", "1"];

function read(words: string[], change: NodeJS.ProcessEnv = {}): ServeSettings {
  const settings = readSettings(words, { ...env, ...change });
  if (settings.command !== "serve") throw new Error(`an agent would not serve, but ${settings.command}`);
  return settings;
}

describe("the settings of an agent", () => {
  it("are, with only what is needed, a file's model for whoever pays", () => {
    expect(read([...gguf, ...rest])).toEqual({
      command: "serve",
      server: new URL("http://localhost:8787"),
      token,
      tokenShown: false,
      model: "m",
      engine: { from: "gguf", file: "model.gguf", sha256: null, threads: null, gpu: true },
      tasks: null,
      prices: { prompt: 250_000_000, cachedPrompt: 250_000_000, completion: 1_000_000_000 },
      slots: null,
      maxTokens: null,
      contextTokens: null,
      schedule: null,
      drainMs: 900_000,
    });
  });

  it("say how much, and how it is done", () => {
    const words = ["--max-concurrent", "4", "--max-tokens", "512", "--context", "8192", "--no-gpu"];
    const more = ["--threads", "1", "--drain-seconds", "0", "--price-cached", "0.000000001"];
    expect(read([...gguf, ...rest, ...words, ...more])).toMatchObject({
      engine: { threads: 1, gpu: false },
      prices: { cachedPrompt: 1 },
      slots: 4,
      maxTokens: 512,
      contextTokens: 8192,
      drainMs: 0,
    });
  });

  it("say what it may be asked for, whichever engine does it", () => {
    expect(read([...gguf, ...rest, "--tasks", "embedding"]).tasks).toEqual(["embedding"]);
    const upstream = ["--upstream", "http://localhost:8080", ...rest];
    expect(read([...upstream, "--tasks", "chat, completion,chat"]).tasks).toEqual(["chat", "completion"]);
    expect(() => read([...gguf, ...rest, "--tasks", "chat,poems"])).toThrow(
      /--tasks: "poems" is none.*embedding/,
    );
    expect(() => read([...gguf, ...rest, "--tasks", ","])).toThrow(/--tasks names none/);
  });

  it("name an upstream by its address, with or without /v1, and its key only by the environment", () => {
    const words = ["--upstream-model", "org/m", "--features", "tools, json_schema,tools"];
    for (const address of ["http://localhost:8080", "http://localhost:8080/v1/"])
      expect(
        read(["--upstream", address, ...rest, ...words], { AGENT_UPSTREAM_KEY: "secret" }).engine,
      ).toEqual({
        from: "upstream",
        upstream: { base: "http://localhost:8080/v1", root: "http://localhost:8080", key: "secret" },
        model: "org/m",
        features: ["tools", "json_schema"],
      });
    expect(read(["--upstream", "http://host/api/v1", ...rest]).engine).toMatchObject({
      upstream: { base: "http://host/api/v1", root: "http://host/api", key: null },
      model: null,
      features: null,
    });
  });

  it("name a file by its path on any platform, or by its address, with a key by the environment alone", () => {
    for (const path of ["model.gguf", "/models/a b.gguf", "C:\\models\\a.gguf", "c:/a.gguf", "http.gguf"])
      expect(read(["--gguf", path, ...rest]).engine).toMatchObject({ from: "gguf", file: path });
    const remote = ["--gguf", "https://models.example/a.gguf?download=1#top", ...rest];
    const sha256 = "0A".repeat(32);
    expect(
      read([...remote, "--sha256", sha256, "--models", "/models"], { AGENT_DOWNLOAD_KEY: "secret" }).engine,
    ).toMatchObject({
      file: {
        url: new URL("https://models.example/a.gguf?download=1"),
        sha256: "0a".repeat(32),
        key: "secret",
        folder: "/models",
      },
      sha256: "0a".repeat(32),
    });
    expect(read(remote, { XDG_CACHE_HOME: "/cache", LOCALAPPDATA: "C:\\cache" }).engine).toMatchObject({
      file: { sha256: null, key: null, folder: expect.stringMatching(/tabarena.models$/) },
    });
  });

  it("send no key where it could be read on the way", () => {
    const words = ["--gguf", "http://models.example/a.gguf", "--sha256", "0a".repeat(32), ...rest];
    expect(read(words).engine).toMatchObject({ file: { key: null } });
    expect(() => read(words, { AGENT_DOWNLOAD_KEY: "secret" })).toThrow(
      /^(?!.*secret).*could read AGENT_DOWNLOAD_KEY/,
    );
  });

  it("say in which hours, by this machine's clock or another", () => {
    const words = [...gguf, ...rest, "--schedule", "Sat 10:00-12:00"];
    expect(read([...words, "--time-zone", "Asia/Tokyo"]).schedule).toEqual({
      timeZone: "Asia/Tokyo",
      text: "sat 10:00-12:00",
      week: [{ from: 7_800, to: 7_920 }],
    });
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    expect(read(words).schedule?.timeZone).toBe(timeZone);
  });

  it("are taken from the environment where the command line says nothing, which is told apart", () => {
    const other = `tab-provider-${"1b".repeat(32)}`;
    expect(read([...gguf, ...rest.slice(2)], { AGENT_URL: "https://site.example" }).server.href).toBe(
      "https://site.example/",
    );
    expect(read([...gguf, ...rest, "--token", other])).toMatchObject({ token: other, tokenShown: true });
  });

  it.each([
    [[...gguf, ...rest.slice(2)], "--url (or AGENT_URL) is missing"],
    [
      [...gguf, ...rest, "--url", "localhost"],
      '--url must be an address such as http://localhost:8787, not "localhost"',
    ],
    [[...gguf, ...rest, "--url", "ftp://x"], "--url must be an address"],
    [[...gguf, ...rest.slice(0, 2), ...rest.slice(4)], "--model is missing"],
    [[...gguf, ...rest, "--model", "a b"], "--model must be letters, digits"],
    [rest, "say one of --gguf FILE and --upstream URL"],
    [[...gguf, ...rest, "--upstream", "http://x"], "say one of --gguf FILE and --upstream URL"],
    [["--upstream", "x", ...rest], "--upstream must be an address"],
    [[...gguf, ...rest.slice(0, 4), ...rest.slice(6)], "--price-in is missing"],
    [[...gguf, ...rest, "--price-out", "1,5"], '--price-out: "1,5": not an amount of credits'],
    [[...gguf, ...rest, "--price-cached", "1e3"], "--price-cached: "],
    [[...gguf, ...rest, "--price-in", "1000001"], "--price-in must be at most 1000000 credits per million"],
    [
      [...gguf, ...rest, "--max-concurrent", "0"],
      '--max-concurrent must be a number from 1 to 1024, not "0"',
    ],
    [[...gguf, ...rest, "--max-tokens", "many"], "--max-tokens must be a number from 1"],
    [[...gguf, ...rest, "--context", "1.5"], "--context must be a number from 1"],
    [[...gguf, ...rest, "--threads", "-1"], "--threads"],
    [[...gguf, ...rest, "--drain-seconds", "x"], "--drain-seconds must be a number from 0"],
    [[...gguf, ...rest, "--schedule", "mon"], '--schedule: "mon" are no hours: '],
    [[...gguf, ...rest, "--schedule", ""], "--schedule: hours are missing"],
    [
      [...gguf, ...rest, "--schedule", "00:00-24:00", "--time-zone", "Bonn"],
      '--schedule: "Bonn" is no time zone',
    ],
    [[...gguf, ...rest, "--time-zone", "UTC"], "--time-zone belongs to --schedule"],
    [[...gguf, ...rest, "--sha256", "abc"], '--sha256 must be 64 hexadecimal digits, not "abc"'],
    [[...gguf, ...rest, "--models", "/models"], "--models is for a file that is fetched"],
    [["--gguf", "http://x/a.gguf", ...rest], "say its --sha256"],
    [["--gguf", "ftp://x/a.gguf", ...rest], "--gguf must be a file, or an address of https://"],
    [["--gguf", "https://u:p@x/a.gguf", ...rest], "a key is read from AGENT_DOWNLOAD_KEY"],
    [["--upstream", "http://x", ...rest, "--sha256", "0a"], "--sha256 belongs to --gguf"],
    [[...gguf, ...rest, "--features", "tools"], "--features belongs to --upstream"],
    [[...gguf, ...rest, "--upstream-model", "m"], "--upstream-model belongs to --upstream"],
    [["--upstream", "http://x", ...rest, "--no-gpu"], "--no-gpu belongs to --gguf"],
    [["--upstream", "http://x", ...rest, "--threads", "1"], "--threads belongs to --gguf"],
    [
      ["--upstream", "http://x", ...rest, "--features", "wit"],
      '--features: "wit" is none; there are: prefill',
    ],
    [[...gguf, ...rest, "--prize-in", "1"], "Unknown option '--prize-in'. See: npm run agent -- --help"],
    [[...gguf, ...rest, "serve"], "serve"],
    [
      [...gguf, ...rest, "--price-in", "-1"],
      /^Option '--price-in' argument is ambiguous\. See: npm run agent -- --help$/,
    ],
  ])("are refused for %j with the reason", (words, reason) => {
    expect(() => read(words)).toThrow(reason);
  });

  it("are refused without a token, and with another secret, which is not shown", () => {
    expect(() => read([...gguf, ...rest], { AGENT_TOKEN: undefined })).toThrow(/AGENT_TOKEN/);
    const key = `tab-key-${"0a".repeat(32)}`;
    expect(() => read([...gguf, ...rest], { AGENT_TOKEN: key })).toThrow(/^(?!.*0a0a).*tab-provider-/);
  });

  it("are explained, with a warning about the token's option", () => {
    expect(readSettings(["--help"], {})).toEqual({ command: "help" });
    expect(HELP).toMatch(/--token .*can be read by every user/);
    for (const word of [
      "--drain-seconds",
      "AGENT_UPSTREAM_KEY",
      "AGENT_DOWNLOAD_KEY",
      "AGENT_LIFELINE",
      "SIGTERM",
      "deterministic",
    ])
      expect(HELP).toContain(word);
  });
});
