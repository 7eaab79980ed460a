import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import { wantContainers } from "./judge-containers.ts";
import { sha256 } from "./digest.ts";
import { bindings } from "./testing.ts";

const SITE = "https://site.test";

/** What a platform with containers would have been asked for. There is none here: this one only writes down. */
class ScriptedContainer {
  running = false;
  starts: ContainerStartupOptions[] = [];
  signals: number[] = [];

  start(options: ContainerStartupOptions): void {
    this.running = true;
    this.starts.push(options);
  }

  signal(number: number): void {
    this.signals.push(number);
  }
}

/** Gives the object `name` a container. */
async function withContainer(name: string): Promise<ScriptedContainer> {
  const container = new ScriptedContainer();
  await runInDurableObject(bindings.JUDGE_CONTAINER.getByName(name), (_object, state) => {
    Object.defineProperty(state, "container", { value: container });
  });
  return container;
}

const judgeRow = (name: string) =>
  bindings.DB.prepare("SELECT token_hash, revoked_at FROM judges WHERE id = ?")
    .bind(name)
    .first<{ token_hash: string; revoked_at: number | null }>();

describe("judges in containers", () => {
  afterEach(() => vi.restoreAllMocks());

  it("are none where the platform has no containers: nothing is started and no token made", async () => {
    await bindings.JUDGE_CONTAINER.getByName("nowhere").want("nowhere", SITE);
    expect(await judgeRow("nowhere")).toBeNull();
  });

  it("are started once for work that waits, each with the site's address and a token of its own", async () => {
    const container = await withContainer("container-1");
    const want = () => wantContainers({ ...bindings, JUDGE_CONTAINERS: 1, SITE_URL: SITE }, 50);
    await Promise.all([want(), want()]);
    await want();
    expect(container.starts).toHaveLength(1);
    const [{ env = {}, enableInternet } = {}] = container.starts;
    expect({ ...env, JUDGE_TOKEN: "", enableInternet }).toEqual({
      JUDGE_URL: SITE,
      JUDGE_NAME: "container-1",
      JUDGE_TOKEN: "",
      enableInternet: true,
    });
    expect(await judgeRow("container-1")).toEqual({
      token_hash: await sha256(env["JUDGE_TOKEN"] ?? ""),
      revoked_at: null,
    });
  });

  it("are not wanted while nothing waits, and never more than the deployment allows", async () => {
    const [first, second] = [await withContainer("container-1"), await withContainer("container-2")];
    await wantContainers({ ...bindings, JUDGE_CONTAINERS: 2, SITE_URL: SITE }, 0);
    await wantContainers({ ...bindings, JUDGE_CONTAINERS: 0, SITE_URL: SITE }, 1000);
    expect([first.starts.length, second.starts.length]).toEqual([0, 0]);
    await wantContainers({ ...bindings, JUDGE_CONTAINERS: 2, SITE_URL: SITE }, 1000);
    expect([first.starts.length, second.starts.length]).toEqual([1, 1]);
  });

  it("stay while work was wanted lately, and lose their token once they have ended", async () => {
    const container = await withContainer("container-1");
    await wantContainers({ ...bindings, JUDGE_CONTAINERS: 1, SITE_URL: SITE }, 1);
    const stub = bindings.JUDGE_CONTAINER.getByName("container-1");
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(container.signals).toEqual([]);
    container.running = false;
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect((await judgeRow("container-1"))?.revoked_at).not.toBeNull();
    expect(await runDurableObjectAlarm(stub)).toBe(false);
  });

  it("are told to finish what they have and end when nothing has waited for ten minutes", async () => {
    const container = await withContainer("container-1");
    await wantContainers({ ...bindings, JUDGE_CONTAINERS: 1, SITE_URL: SITE }, 1);
    const began = Date.now();
    const clock = vi.spyOn(Date, "now");
    const lookAfter = async (minutes: number): Promise<void> => {
      clock.mockReturnValue(began + minutes * 60_000);
      await runDurableObjectAlarm(bindings.JUDGE_CONTAINER.getByName("container-1"));
    };
    await lookAfter(9);
    expect(container.signals).toEqual([]);
    await lookAfter(11);
    expect(container.signals).toEqual([1]);
  });
});
