import { describe, expect, it } from "vitest";
import { bytes, openProgress, progressWords } from "./download-progress.ts";

const GB = 1_000_000_000;

describe("the progress of a download", () => {
  const open = (columns: number | null) => {
    const written: string[] = [];
    const clock = { now: 0 };
    const progress = openProgress({ columns, write: (text) => written.push(text), now: () => clock.now });
    return { written, clock, progress };
  };

  it("is told in bytes, with its share, its rate and the time that is left", () => {
    expect(progressWords(1.2 * GB, 4.8 * GB, 30_000_000)).toBe(
      "1.2 GB of 4.8 GB (25 %), 30.0 MB/s, 2 min 0 s left",
    );
    expect(progressWords(0, 40 * GB, 1_000_000)).toBe("0 B of 40.0 GB (0 %), 1.0 MB/s, 11 h 6 min left");
    expect(progressWords(999, null, null)).toBe("999 B");
    expect(progressWords(2_500, null, 1_500)).toBe("2.5 kB, 1.5 kB/s");
    expect(progressWords(10, 10, 5)).toBe("10 B of 10 B (100 %), 5 B/s");
    expect(progressWords(1, 10, 0)).toBe("1 B of 10 B (10 %), 0 B/s");
    expect(bytes(5e15)).toBe("5000.0 TB");
  });

  it("is a bar on a terminal, drawn over and never wider than it", () => {
    const { written, clock, progress } = open(60);
    for (clock.now = 0; clock.now <= 1_000; clock.now += 50) progress.at(clock.now * 1_000, 4_000_000);
    expect(written).toHaveLength(11);
    expect(written[0]).toBe(`\ragent: [${".".repeat(24)}] 0 B of 4.0 MB (0 %)\u001B[K`);
    expect(written[10]).toContain(`\ragent: [######${".".repeat(18)}] 1.0 MB of 4.0 MB`);
    for (const line of written)
      expect(line.replace("\r", "").replace("\u001B[K", "").length).toBeLessThan(60);
    progress.end();
    progress.end();
    expect(written.slice(11)).toEqual(["\n"]);
  });

  it("is a line now and then in a log, and one at the end", () => {
    const { written, clock, progress } = open(null);
    for (clock.now = 0; clock.now <= 25_000; clock.now += 1_000) progress.at(clock.now * 10, 250_000);
    progress.end();
    expect(written).toEqual([
      "agent: 100.0 kB of 250.0 kB (40 %), 10.0 kB/s, 15 s left\n",
      "agent: 200.0 kB of 250.0 kB (80 %), 10.0 kB/s, 5 s left\n",
      "agent: 250.0 kB of 250.0 kB (100 %), 10.0 kB/s\n",
    ]);
  });

  it("tells the rate of now, not of what was there before or long ago", () => {
    const { written, clock, progress } = open(null);
    progress.at(500_000, 1_000_000);
    clock.now = 20_000;
    progress.at(510_000, 1_000_000);
    clock.now = 31_000;
    progress.at(510_000, 1_000_000);
    expect(written.map((line) => / ([\d.]+ k?B)\/s/.exec(line)?.[1] ?? "none")).toEqual(["none", "none"]);
    clock.now = 41_000;
    progress.at(520_000, 1_000_000);
    expect(written.at(-1)).toContain("1.0 kB/s");
  });
});
