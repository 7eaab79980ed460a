import { describe, expect, it } from "vitest";
import { isWithin, nextChange, parseSchedule, wallTime } from "./schedule.ts";

const nights = "mon-fri 18:00-08:00, sat-sun 00:00-24:00";
const berlin = "Europe/Berlin";

/** 2026-11-23 is a Monday. */
const utc = (text: string): Date => new Date(`${text}Z`);
const within = (hours: string, zone: string, ...dates: string[]): boolean[] =>
  dates.map((date) => isWithin(parseSchedule(hours, zone), utc(date)));
const change = (hours: string, zone: string, after: string): string | undefined =>
  nextChange(parseSchedule(hours, zone), utc(after))?.toISOString().slice(0, 16);

describe("an agent's hours", () => {
  it("begin with their first minute and end before their last", () => {
    expect(
      within(
        "mon 09:00-17:30",
        "UTC",
        "2026-11-23T08:59:59",
        "2026-11-23T09:00",
        "2026-11-23T17:29:59",
        "2026-11-23T17:30",
        "2026-11-24T12:00",
      ),
    ).toEqual([false, true, true, false, false]);
  });

  it("go over midnight into a day that is not named", () => {
    expect(
      within(
        "fri 22:00-06:00",
        "UTC",
        "2026-11-27T05:59",
        "2026-11-27T22:00",
        "2026-11-28T05:59",
        "2026-11-28T06:00",
        "2026-11-28T23:00",
      ),
    ).toEqual([false, true, true, false, false]);
  });

  it("go over the end of the week, by their days and by their night", () => {
    expect(parseSchedule("sun 23:00-02:00", "UTC").week).toEqual([
      { from: 0, to: 120 },
      { from: 6 * 1440 + 1380, to: 7 * 1440 },
    ]);
    expect(
      within("sat-mon 12:00-13:00", "UTC", "2026-11-22T12:30", "2026-11-23T12:30", "2026-11-24T12:30"),
    ).toEqual([true, true, false]);
  });

  it("are those of every day without days, and one where they touch or overlap", () => {
    expect(parseSchedule("00:00-24:00", "UTC").week).toEqual([{ from: 0, to: 7 * 1440 }]);
    expect(parseSchedule("Tue 8:00-12:00, tue  11:00 - 14:00,tue 14:00-15:00", "UTC").week).toEqual([
      { from: 1440 + 480, to: 1440 + 900 },
    ]);
  });

  it("are by the clock of their time zone", () => {
    // Berlin is an hour ahead, so Friday's night ends there at 07:00 of UTC, and the week end began before.
    expect(within(nights, berlin, "2026-11-23T06:59", "2026-11-23T07:00", "2026-11-23T17:00")).toEqual([
      // Monday's morning is the night of Sunday, which ended at midnight.
      false,
      false,
      true,
    ]);
    expect(within(nights, berlin, "2026-11-24T06:59", "2026-11-24T07:00", "2026-11-27T23:00")).toEqual([
      true,
      false,
      true,
    ]);
  });

  it("say when they change next", () => {
    expect(change(nights, berlin, "2026-11-23T10:00:59")).toBe("2026-11-23T17:00");
    expect(change(nights, berlin, "2026-11-23T17:00")).toBe("2026-11-24T07:00");
    // Friday's night, Saturday and Sunday are one.
    expect(change(nights, berlin, "2026-11-27T18:00")).toBe("2026-11-29T23:00");
    expect(change("wed 12:00-12:01", "UTC", "2026-11-25T12:00:30")).toBe("2026-11-25T12:01");
    expect(change("wed 12:00-12:01", "UTC", "2026-11-25T12:01")).toBe("2026-12-02T12:00");
    expect(change("mon-sun 00:00-24:00", "UTC", "2026-11-25T12:01")).toBeUndefined();
  });

  // 2026-03-29: 02:00 becomes 03:00, at 01:00 of UTC.
  it("skip what a clock that is put forward skips", () => {
    expect(
      within("sun 02:30-04:00", berlin, "2026-03-29T00:59", "2026-03-29T01:00", "2026-03-29T02:00"),
    ).toEqual([false, true, false]);
    expect(change("sun 02:30-04:00", berlin, "2026-03-28T12:00")).toBe("2026-03-29T01:00");
    expect(change("sun 02:30-04:00", berlin, "2026-03-29T01:10")).toBe("2026-03-29T02:00");
    expect(change("sun 02:10-02:40", berlin, "2026-03-28T12:00")).toBe("2026-04-05T00:10");
    expect(change("mon-sun 18:00-08:00", berlin, "2026-03-28T20:00")).toBe("2026-03-29T06:00");
  });

  // 2026-10-25: 03:00 becomes 02:00 again, at 01:00 of UTC.
  it("come twice where a clock is put back", () => {
    expect(
      within(
        "sun 02:10-02:40",
        berlin,
        "2026-10-25T00:10",
        "2026-10-25T00:40",
        "2026-10-25T01:10",
        "2026-10-25T01:40",
      ),
    ).toEqual([true, false, true, false]);
    expect(change("sun 02:10-02:40", berlin, "2026-10-25T00:40")).toBe("2026-10-25T01:10");
    expect(change("mon-sun 18:00-08:00", berlin, "2026-10-24T20:00")).toBe("2026-10-25T07:00");
  });

  it("know clocks that are changed by half an hour, and such as are off by 45 minutes", () => {
    // Lord Howe: at 02:00 of 2026-04-05 it is 01:30 again, at 15:00 of UTC the day before.
    expect(change("sun 01:30-01:45", "Australia/Lord_Howe", "2026-04-04T14:45")).toBe("2026-04-04T15:00");
    expect(change("12:00-13:00", "Asia/Kathmandu", "2026-11-23T00:00")).toBe("2026-11-23T06:15");
  });

  it("are told by the wall clock", () => {
    expect(wallTime(parseSchedule(nights, berlin), utc("2026-11-23T17:00"))).toBe("Mon 18:00");
  });

  it.each([
    ["", "hours are missing: they are said as "],
    ["mon-fri 18:00-08:00,", "hours are missing"],
    ["mon-fri", '"mon-fri" are no hours: they are said as "mon-fri 18:00-08:00, sat-sun 00:00-24:00"'],
    ["mon 18-20", '"mon 18-20" are no hours'],
    ["mon tue 18:00-20:00", '"mon tue 18:00-20:00" are no hours'],
    ["mond 18:00-20:00", '"mond" are no days; there are mon tue'],
    ["mon-tue-wed 18:00-20:00", '"mon-tue-wed" are no days'],
    ["mon- 18:00-20:00", '"mon-" are no days'],
    ["mon 18:60-20:00", '"mon 18:60-20:00": there is no 18:60'],
    ["mon 18:00-24:01", "there is no 24:01"],
    ["mon 24:00-08:00", "24:00 is an end"],
    ["mon 08:00-08:00", "begins when it ends: a whole day is 00:00-24:00"],
  ])("are refused as %j with the reason", (hours, reason) => {
    expect(() => parseSchedule(hours, "UTC")).toThrow(reason);
  });

  it("are refused in a time zone that there is not", () => {
    expect(() => parseSchedule(nights, "Europe/Bonn")).toThrow('"Europe/Bonn" is no time zone');
  });
});
