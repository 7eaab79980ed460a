import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { completionRequest, embeddingRequest, tinyModel, whyNoLlama } from "./testing.ts";
import { openFileServer } from "./testing-files.ts";
import { jobOf, openMarket, type ScriptedMarket, settled, until } from "./testing-market.ts";
import { end, openUpstream, type ScriptedUpstream, streamed, text, usage } from "./testing-upstream.ts";

const one = "job-00001";
const prices = ["--price-in", "0.005", "--price-out", "0.01"];
const withoutLlama = whyNoLlama === null ? "" : ` (skipped: ${whyNoLlama})`;

describe("the agent as a process", { timeout: 60_000 }, () => {
  let market: ScriptedMarket;
  let upstream: ScriptedUpstream;
  let agent: ChildProcess;
  let said: string;

  beforeEach(async () => {
    market = await openMarket();
    upstream = await openUpstream();
    said = "";
  });
  afterEach(async () => {
    agent.kill("SIGKILL");
    await Promise.all([market.close(), upstream.close()]);
  });

  const start = (words: string[], environment: Record<string, string | undefined> = {}): void => {
    agent = spawn(process.execPath, [join(import.meta.dirname, "main.ts"), ...words], {
      stdio: ["pipe", "pipe", "pipe"],
      env: {
        ...process.env,
        AGENT_URL: market.url.href,
        AGENT_TOKEN: `tab-provider-${"0a".repeat(32)}`,
        AGENT_LIFELINE: "1",
        ...environment,
      },
    });
    for (const stream of [agent.stdout, agent.stderr]) stream?.on("data", (bytes) => (said += String(bytes)));
  };
  const startBeside = (...words: string[]): void =>
    start([
      "--upstream",
      upstream.upstream.root,
      "--model",
      "served",
      "--context",
      "1000",
      ...prices,
      ...words,
    ]);
  const gone = async (): Promise<number | null> => {
    if (agent.exitCode !== null) return agent.exitCode;
    const [code] = await once(agent, "exit");
    return code;
  };
  /** Welcomes the agent, and gives it a job that the upstream answers so. */
  const begin = async (answer: ScriptedUpstream["answers"][number]): Promise<void> => {
    await market.welcome();
    upstream.answers = [answer];
    market.say({ ...jobOf(one, "Hello", { tokenIds: false }), offer: "model" });
  };

  it.skipIf(whyNoLlama !== null)(`serves the model of a file${withoutLlama}`, async () => {
    start(["--gguf", tinyModel, "--model", "tabarena-tiny", ...prices, "--no-gpu", "--threads", "1"]);
    const { offers, slots } = await market.hear("hello");
    expect(slots).toBe(2);
    expect(offers).toMatchObject([
      {
        model: "tabarena-tiny",
        tasks: ["chat", "completion", "embedding"],
        contextTokens: 1023,
        maxOutputTokens: 1023,
        prices: { prompt: 5_000_000, cachedPrompt: 5_000_000, completion: 10_000_000 },
        artifact: { quantisation: "F16" },
        engine: { name: "node-llama-cpp" },
        tokensPerSecond: expect.any(Number),
      },
    ]);
    await market.welcome();
    const offer = offers[0]?.offer ?? "";
    market.say({ ...jobOf(one, "What is the capital of France?"), offer });
    const { deltas } = await market.endOf(one);
    const answer = market.deltasOf(one);
    expect(answer.map((delta) => delta.text).join("")).toBe("The capital of France is Paris.");
    expect(answer.map(({ seq }) => seq)).toEqual(answer.map((_, index) => index));
    expect(answer).toHaveLength(deltas);
    expect(answer.every(({ tokenIds, tokenCount }) => (tokenIds?.length ?? 0) === tokenCount)).toBe(true);
    market.say({ ...jobOf("job-00002", "Hello"), offer });
    market.say({ ...jobOf("job-00003", "x ".repeat(2_000)), offer });
    expect(await market.hear("refuse")).toMatchObject({ job: "job-00003", reason: "too_long" });
    await market.endOf("job-00002");
    const text = completionRequest("<|im_start|>user\nSay yes.<|im_end|>\n<|im_start|>assistant\n");
    market.say({ ...jobOf("job-00004"), offer, request: text });
    await market.endOf("job-00004");
    expect(
      market
        .deltasOf("job-00004")
        .map((delta) => delta.text)
        .join(""),
    ).toBe("yes");
    market.say({ ...jobOf("job-00005"), offer, request: embeddingRequest(["One", "Two"]) });
    expect(await market.endOf("job-00005")).toMatchObject({ type: "finished", deltas: 2 });
    expect(market.deltasOf("job-00005").map(({ vector }) => vector?.index)).toEqual([0, 1]);
    for (const job of [one, "job-00002", "job-00004", "job-00005"]) market.say(settled(job));
    agent.kill("SIGTERM");
    await market.hear("drain");
    expect(await gone()).toBe(0);
    for (const line of [
      "agent: offers tabarena-tiny, 2 at once, 1023 tokens of context, 1023 written at most",
      "agent: answers chats, completions, embeddings",
      "agent: takes per million tokens 0.005 credits for the prompt, 0.005 for what",
      `agent: connected to ${market.url.origin} as tabarena-test`,
      `agent: job ${one}: earned 0.000001 credits`,
      "agent: ends (all is done)",
    ])
      expect(said).toContain(line);
    expect(said).toMatch(/^agent: measured \d+\.\d tokens\/s/m);
    expect(said).not.toContain("capital");
  });

  it("serves the model of another server", async () => {
    startBeside("--max-concurrent", "3", "--max-tokens", "200");
    expect(await market.hear("hello")).toMatchObject({
      agent: expect.stringMatching(/^tabarena-agent \d+\.\d+\.\d+$/),
      slots: 3,
      offers: [
        { offer: "model", model: "served", contextTokens: 1000, maxOutputTokens: 200, tokensPerSecond: null },
      ],
    });
    await begin(streamed([text("Good"), text(" day"), end("stop"), usage(3, 2)]));
    expect(await market.endOf(one)).toMatchObject({
      type: "finished",
      deltas: 2,
      usage: { promptTokens: 3, completionTokens: 2 },
    });
  });

  it.skipIf(whyNoLlama !== null)(`fetches a model's file, and serves it${withoutLlama}`, async () => {
    const content = readFileSync(tinyModel);
    const sha256 = createHash("sha256").update(content).digest("hex");
    const files = await openFileServer(content);
    const folder = await mkdtemp(join(tmpdir(), "tabarena-agent-"));
    try {
      const address = ["--gguf", files.url.href, "--models", folder, "--threads", "1", "--no-gpu"];
      start([...address, "--sha256", sha256, "--model", "tabarena-tiny", ...prices]);
      const { offers } = await market.hear("hello");
      expect(offers[0]?.artifact.sha256).toBe(sha256);
      expect(said).toContain(`agent: fetches ${files.url.href}`);
    } finally {
      await files.close();
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("is not connected out of its hours, says so, and ends when it is told to", async () => {
    const [tomorrow = ""] = new Date(Date.now() + 86_400_000).toUTCString().split(",");
    startBeside("--schedule", `${tomorrow} 12:00-13:00`, "--time-zone", "UTC");
    await until(() => said.includes("agent: is off: its hours are "));
    expect(said).toContain(`; it serves again from ${tomorrow} 12:00`);
    agent.kill("SIGTERM");
    expect(await gone()).toBe(0);
    expect([market.asked, upstream.asked]).toEqual([[], []]);
  });

  it("serves in its hours", async () => {
    startBeside("--schedule", "00:00-24:00");
    await begin(streamed([text("Good"), end("stop"), usage(3, 1)]));
    expect(await market.endOf(one)).toMatchObject({ type: "finished", deltas: 1 });
  });

  it("waits for a server that is not there yet", async () => {
    await upstream.close();
    startBeside();
    await until(() => said.includes("waits for its upstream: "));
    expect(said).toMatch(/can't be reached \(.*ECONNREFUSED/);
    expect(market.heard).toEqual([]);
    agent.kill("SIGTERM");
    expect(await gone()).toBe(0);
  });

  it("finishes at a signal what it writes, and then ends", async () => {
    startBeside();
    await begin(streamed([text("a"), 1_000, text("b"), end("stop")]));
    await market.hear("delta");
    agent.kill("SIGINT");
    await market.hear("drain");
    expect(await market.endOf(one)).toMatchObject({ reason: "stop", deltas: 2 });
    market.say(settled(one));
    expect(await gone()).toBe(0);
  });

  it.each<[string, string[], () => Promise<unknown> | undefined]>([
    // Two signals in quick succession are one: npm hands on what the terminal sends as well.
    ["a second signal", [], () => sleep(600).then(() => agent.kill("SIGTERM"))],
    ["the end of its patience", ["--drain-seconds", "1"], () => undefined],
  ])("breaks off at %s what it writes, tells that, and ends", async (_what, words, then) => {
    startBeside(...words);
    await begin(streamed([text("a"), 60_000, end("stop")]));
    await market.hear("delta");
    agent.kill("SIGTERM");
    await market.hear("drain");
    await then();
    expect(await market.endOf(one)).toMatchObject({ reason: "cancelled", deltas: 1 });
    market.say(settled(one));
    expect(await gone()).toBe(0);
    expect(upstream.hungUp).toBe(1);
  });

  it("ends when its parent does", async () => {
    startBeside();
    await market.welcome();
    agent.stdin?.end();
    expect(await gone()).toBe(0);
    expect(said).toContain("agent: ends (its parent ended)");
  });

  it("says that a token on the command line can be seen", async () => {
    startBeside("--token", `tab-provider-${"1b".repeat(32)}`);
    await market.hear("hello");
    expect(said).toContain("agent: the token stands on the command line");
    expect(market.asked).toEqual([`Bearer tab-provider-${"1b".repeat(32)} /link/provider`]);
    expect(said).not.toContain("1b1b");
  });

  it("helps", async () => {
    start(["--help"]);
    expect(await gone()).toBe(0);
    await until(() => said.includes("--price-in"));
  });

  it.each([
    [["--gguf", tinyModel, "--model", "m"], "--price-in is missing"],
    [["--gguf", "no-such-file", "--model", "m", ...prices], "no-such-file"],
    [["--gguf", tinyModel, "--sha256", "0a".repeat(32), "--model", "m", ...prices], "it is not used"],
  ])("does not start with %j, and says why", async (words, reason) => {
    start(words);
    expect(await gone()).toBe(1);
    await until(() => said.includes(reason));
  });
});
