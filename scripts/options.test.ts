import { describe, expect, it } from "vitest";
import { HELP, isLoopback, parseOptions } from "./options.ts";

describe("options of npm start", () => {
  it("are, without any, a site with everything on the loopback at port 8787", () => {
    expect(parseOptions([], {})).toMatchObject({
      host: "127.0.0.1",
      port: 8787,
      data: expect.stringMatching(/\/\.data$/),
      judge: true,
      provider: true,
      demo: true,
      install: true,
      resetAdmin: false,
    });
  });

  it("are taken from PORT and DATA_DIR, and the command line goes before them", () => {
    const environment = { PORT: "9000", DATA_DIR: "/srv/tabarena" };
    expect(parseOptions([], environment)).toMatchObject({ port: 9000, data: "/srv/tabarena" });
    expect(parseOptions(["--port", "9001", "--data", "/tmp/x"], environment)).toMatchObject({
      port: 9001,
      data: "/tmp/x",
    });
  });

  it("switch parts off and the administrator's password over", () => {
    const words = ["--no-judge", "--no-provider", "--no-demo", "--no-install", "--reset-admin"];
    expect(parseOptions(words, {})).toMatchObject({
      judge: false,
      provider: false,
      demo: false,
      install: false,
      resetAdmin: true,
    });
  });

  it.each([
    [["--prot", "1"], /--prot/],
    [["start"], /start/],
    [["--port"], /--port/],
    [["--port", "http"], /--port must be a number from 0 to 65535, not "http"/],
    [["--port", "65536"], /--port/],
    [["--no-judge=yes"], /--no-judge/],
    [["--no-provider", "tabarena-demo"], /tabarena-demo/],
  ])("refuse %j with a sentence that names it", (args, message) => {
    expect(() => parseOptions(args, {})).toThrow(message);
  });

  it.each(["--no-judge", "--no-provider", "--no-demo", "--no-install"])("are explained: %s", (option) => {
    expect(HELP).toContain(`\n  ${option} `);
  });

  it("name the environment's variable when that is at fault", () => {
    expect(() => parseOptions([], { PORT: "eight" })).toThrow(/^PORT must be a number/);
  });
});

describe("a host on the loopback", () => {
  it.each(["127.0.0.1", "127.1.2.3", "::1", "localhost"])("%s is", (host) =>
    expect(isLoopback(host)).toBe(true),
  );
  it.each(["0.0.0.0", "::", "192.168.0.7", "localhost.example.org", "128.0.0.1"])("%s is not", (host) =>
    expect(isLoopback(host)).toBe(false),
  );
});
