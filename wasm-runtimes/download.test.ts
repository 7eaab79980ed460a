import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBench, type Bench } from "./testing/browser.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
}, 60_000);
afterAll(() => bench.close());

describe("loading a runtime", () => {
  it("tells a progress that never falls and ends at the size that was announced", async () => {
    const page = await bench.freshPage();
    const { size, progress, after } = await page.evaluate(async () => {
      const size = await tools.host.downloadSize("python3");
      const progress: { phase: string; loaded: number; total: number }[] = [];
      const stop = new AbortController();
      const note = (now: (typeof progress)[number]): void => {
        progress.push(now);
        if (now.phase === "starting") stop.abort();
      };
      await tools.host.openRuntime("python3", note, stop.signal).catch(() => {});
      return { size, progress, after: await tools.host.downloadSize("python3") };
    });
    expect(size.cached).toBe(false);
    expect(size.bytes).toBeGreaterThan(1_000_000);
    expect(progress.length).toBeGreaterThan(5);
    expect(progress[0]).toEqual({ phase: "downloading", loaded: 0, total: size.bytes });
    const loaded = progress.map((now) => now.loaded);
    expect(loaded).toEqual(loaded.toSorted((a, b) => a - b));
    expect(progress.filter((now) => now.phase === "starting")).toEqual([progress.at(-1)]);
    expect(progress.at(-1)).toEqual({ phase: "starting", loaded: size.bytes, total: size.bytes });
    expect(after).toEqual({ bytes: size.bytes, cached: true });
  });

  it("asks the site for nothing that is on this machine already", async () => {
    const page = await bench.freshPage();
    const open = () =>
      page.evaluate(() => tools.host.openRuntime("javascript", () => {}).then((runtime) => runtime.close()));
    await open();
    const before = bench.site.requests.length;
    await open();
    expect(bench.site.requests.slice(before).filter((request) => request.includes("/runtimes/"))).toEqual([]);
  });

  it("forgets files that the site has replaced", async () => {
    const page = await bench.freshPage();
    const kept = await page.evaluate(async () => {
      const cache = await caches.open("runtimes");
      await cache.put("/runtimes/old.0000.bin", new Response("old"));
      (await tools.host.openRuntime("javascript", () => {})).close();
      await new Promise((resolve) => setTimeout(resolve, 300));
      return (await cache.keys()).map((request) => new URL(request.url).pathname);
    });
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatch(/^\/runtimes\/boot\.js\.[0-9a-f]{16}\.bin$/);
  });

  it("stops when it is told to", async () => {
    const page = await bench.freshPage();
    const outcome = await page.evaluate(async () => {
      const stop = new AbortController();
      const opening = tools.host.openRuntime(
        "python3",
        ({ phase }) => phase === "starting" && stop.abort(),
        stop.signal,
      );
      const name = await opening.then(
        () => "opened",
        (error: unknown) => (error instanceof Error ? error.name : "?"),
      );
      return { name, frames: document.querySelectorAll("iframe").length };
    });
    expect(outcome).toEqual({ name: "AbortError", frames: 0 });
  });

  it("refuses a file that has not the promised size, and names it", async () => {
    const page = await bench.freshPage();
    const path = await page.evaluate(async () => {
      const manifest: Record<string, { path: string }[]> = await (await fetch("/runtimes.json")).json();
      return manifest["javascript"]?.[0]?.path ?? "";
    });
    await writeFile(join(bench.site.folder, path), "short");
    const message = await page.evaluate(() =>
      tools.host.openRuntime("javascript", () => {}).then(() => "opened", String),
    );
    expect(message).toContain(path);
    expect(message).toContain("bytes that were promised");
  });

  it("says so for a language that does not run in the browser", async () => {
    const message = await bench.page.evaluate(() =>
      tools.host.openRuntime("java", () => {}).then(() => "opened", String),
    );
    expect(message).toBe("Error: java does not run in the browser.");
  });
});
