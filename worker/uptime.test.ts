import { describe, expect, it } from "vitest";
import { uptime, uptimeByHour } from "./uptime.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = 100 * DAY;

/** A session from and to so many hours ago. */
const session = (from: number, to: number) => ({ beganAt: NOW - from * HOUR, seenAt: NOW - to * HOUR });

const LONG_AGO = NOW - 50 * DAY;

describe("the uptime of a provider", () => {
  it("is the share of the last 24 hours in which it was connected", () => {
    expect(uptime([session(20, 14), session(6, 0)], LONG_AGO, NOW)).toBe(0.5);
    expect(uptime([session(24, 0)], LONG_AGO, NOW)).toBe(1);
    expect(uptime([], LONG_AGO, NOW)).toBe(0);
  });

  it("leaves out what was longer ago, and cuts a session that goes on from there", () => {
    expect(uptime([session(48, 25)], LONG_AGO, NOW)).toBe(0);
    expect(uptime([session(48, 18)], LONG_AGO, NOW)).toBe(0.25);
  });

  it("counts what several sessions have in common once, in whatever order they come", () => {
    const sessions = [session(3, 0), session(12, 6), session(10, 8), session(8, 3), session(12, 6)];
    expect(uptime(sessions, LONG_AGO, NOW)).toBe(0.5);
    expect(uptime(sessions.toReversed(), LONG_AGO, NOW)).toBe(0.5);
  });

  it("is the share of the time since it was made, for one that is younger than a day", () => {
    expect(uptime([session(1, 0)], NOW - 4 * HOUR, NOW)).toBe(0.25);
    expect(uptime([session(4, 0)], NOW - 4 * HOUR, NOW)).toBe(1);
  });

  it("is never more than 1: sessions from before it was made or of the future are cut", () => {
    expect(uptime([session(10, -10)], NOW - HOUR, NOW)).toBe(1);
    expect(uptime([session(-1, -2)], LONG_AGO, NOW)).toBe(0);
  });

  it("is 0 for one that was made this very moment", () => {
    expect(uptime([session(0, 0)], NOW, NOW)).toBe(0);
    expect(uptime([session(0, -1)], NOW + 1, NOW)).toBe(0);
  });
});

describe("the uptime by hours", () => {
  const none = (count: number): number[] => Array.from({ length: count }, () => 0);

  it("is the share of each of the last 24 hours, the latest last", () => {
    expect(uptimeByHour([session(2.5, 1), session(0.25, 0)], LONG_AGO, NOW)).toEqual([
      ...none(21),
      0.5,
      1,
      0.25,
    ]);
    expect(uptimeByHour([session(30, 0)], LONG_AGO, NOW)).toEqual(none(24).map(() => 1));
  });

  it("is unknown before it was made, and of the hour in which it was made only the rest counts", () => {
    const strip = uptimeByHour([session(1.5, 1.25)], NOW - 1.5 * HOUR, NOW);
    expect(strip).toEqual([...none(22).map(() => null), 0.5, 0]);
    expect(uptimeByHour([], NOW, NOW)).toEqual(none(24).map(() => null));
  });
});
