import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { whyNoLlama } from "../agent/testing.ts";
import { ModelOffers } from "../protocol/market.ts";
import { survivors } from "./processes.ts";
import { Client, startSite, temporaryFolder, type Site } from "./site.ts";

const skipped = whyNoLlama === null ? "" : ` (skipped: ${whyNoLlama})`;

let data: ReturnType<typeof temporaryFolder>;
let site: Site | null = null;

beforeEach(() => (data = temporaryFolder()));
afterEach(async () => {
  await site?.end("SIGINT");
  site = null;
  data.remove();
});

/** Waits until the site has printed what it says of its provider. */
async function described(started: Site): Promise<string> {
  for (;;) {
    const line = /Provider +(\S.*)/.exec(started.printed())?.[1];
    if (line !== undefined) return line;
    await sleep(100);
  }
}

const agentOf = (started: Site) =>
  started.processes().find(({ command }) => command.includes("agent/main.ts"));

const offersOf = async (started: Site): Promise<string[]> => {
  const { models } = await new Client(started.url).call("GET", "/api/market/models", ModelOffers);
  return models.flatMap(({ model, offers }) => offers.map(({ provider }) => `${model} of ${provider}`));
};

describe.skipIf(whyNoLlama !== null)(`the embedded provider${skipped}`, () => {
  it("serves the model that comes with it, is started again when it dies, leaves nothing behind, and serves at the next start", async () => {
    site = await startSite(data.path, ["--no-judge", "--no-demo"]);
    expect(await described(site)).toMatch(/^tabarena-demo serves tabarena-tiny at \d+ tokens\/s$/);
    expect(await offersOf(site)).toEqual(["tabarena-tiny of tabarena-demo"]);
    const agent = agentOf(site);
    if (!agent) throw new Error("no agent runs");
    expect(agent.command).not.toContain("tab-provider-");

    process.kill(agent.pid, "SIGKILL");
    await expect.poll(() => agentOf(site ?? expect.fail())?.pid ?? agent.pid).not.toBe(agent.pid);
    const again = site;
    await expect.poll(() => offersOf(again)).toEqual(["tabarena-tiny of tabarena-demo"]);

    const before = site.processes();
    await site.end("SIGKILL");
    site = null;
    expect(await survivors(before, 5000)).toEqual([]);

    site = await startSite(data.path, ["--no-judge", "--no-demo"]);
    expect(await described(site)).toContain("tabarena-demo serves tabarena-tiny");
  });
});

describe("a site without a provider", () => {
  it("says so, and offers nothing", async () => {
    site = await startSite(data.path, ["--no-judge", "--no-demo", "--no-provider"]);
    expect(await described(site)).toBe("none here (--no-provider)");
    expect(await offersOf(site)).toEqual([]);
    expect(agentOf(site)).toBeUndefined();
  });
});
