/**
 * The hours in which an agent serves, by the wall clock of one time zone. Where a clock is put forward, hours that it skips are
 * not there; where it is put back, those that come twice count twice.
 */
export interface Schedule {
  timeZone: string;
  /** As it was said. */
  text: string;
  /** In minutes since Monday 00:00, in their order, none touching the next. */
  week: readonly Span[];
}

/** From its first minute to before its last. */
export interface Span {
  from: number;
  to: number;
}

const DAY = 24 * 60;
const WEEK = 7 * DAY;
const MINUTE_MS = 60_000;
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

const EXAMPLE = '"mon-fri 18:00-08:00, sat-sun 00:00-24:00"';

/** This machine's. */
export const localTimeZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/**
 * Reads hours: `mon-fri 18:00-08:00, sat-sun 00:00-24:00`. Those that end before they begin end on the next day; without days
 * they are those of every day.
 *
 * @param timeZone a name of the IANA's, such as `Europe/Berlin`
 * @throws Error with a sentence that names what is wrong
 */
export function parseSchedule(text: string, timeZone: string): Schedule {
  try {
    wallClock(timeZone);
  } catch (cause) {
    throw new Error(`"${timeZone}" is no time zone; one is Europe/Berlin`, { cause });
  }
  const entries = text.split(",").map((entry) => entry.trim().toLowerCase());
  return { timeZone, text: entries.join(", "), week: merged(entries.flatMap(spansOf)) };
}

export function isWithin({ timeZone, week }: Schedule, date: Date): boolean {
  return holds(week, minuteOfWeek(wallClock(timeZone), date.getTime()));
}

/**
 * When these hours begin or end next.
 *
 * @returns the first minute after a moment in which it is otherwise than at that moment; null where it never changes
 */
export function nextChange({ timeZone, week }: Schedule, after: Date): Date | null {
  const clock = wallClock(timeZone);
  const begin = after.getTime() - (after.getTime() % MINUTE_MS);
  const before = holds(week, minuteOfWeek(clock, begin));
  // What a clock that is put forward skips comes a week later.
  const end = begin + (2 * WEEK + 60) * MINUTE_MS;
  for (let hour = begin, first = minuteOfWeek(clock, hour); hour < end; hour += 60 * MINUTE_MS) {
    const last = minuteOfWeek(clock, hour + 60 * MINUTE_MS);
    const isEven = last === (first + 60) % WEEK;
    for (let minute = 1; minute <= 60; minute++) {
      const time = hour + minute * MINUTE_MS;
      // Where the clock is not changed within the hour, it need not be read for each minute.
      const at = isEven ? (first + minute) % WEEK : minuteOfWeek(clock, time);
      if (holds(week, at) !== before) return new Date(time);
    }
    first = last;
  }
  return null;
}

/** `Mon 18:00`, by the clock of the schedule. */
export function wallTime({ timeZone }: Schedule, date: Date): string {
  const options = {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  } as const;
  return new Intl.DateTimeFormat("en-GB", options).format(date).replace(",", "");
}

const holds = (week: readonly Span[], minute: number): boolean =>
  week.some(({ from, to }) => from <= minute && minute < to);

function spansOf(entry: string): Span[] {
  const parsed = /^(?:(\S+)\s+)?(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})$/.exec(entry);
  if (parsed === null) {
    if (entry === "") throw new Error(`hours are missing: they are said as ${EXAMPLE}`);
    throw new Error(`"${entry}" are no hours: they are said as ${EXAMPLE}`);
  }
  const [, days, begin = "", until = ""] = parsed;
  const from = minuteOf(begin, entry);
  const to = minuteOf(until, entry);
  if (from === DAY) throw new Error(`"${entry}": 24:00 is an end; the day begins at 00:00`);
  if (from === to) throw new Error(`"${entry}" begins when it ends: a whole day is 00:00-24:00`);
  const minutes = to > from ? to - from : to - from + DAY;
  return daysOf(days, entry).map((day) => ({ from: day * DAY + from, to: day * DAY + from + minutes }));
}

function minuteOf(time: string, entry: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  const minute = hours * 60 + minutes;
  if (minutes < 60 && minute <= DAY) return minute;
  throw new Error(`"${entry}": there is no ${time}`);
}

/** Their numbers, Monday's being 0; `fri-mon` goes over the end of the week. */
function daysOf(days: string | undefined, entry: string): number[] {
  if (days === undefined) return DAYS.map((_, day) => day);
  const [first = "", last = first, ...more] = days.split("-");
  const numbers = [first, last].map((day) => DAYS.indexOf(day));
  const [from = -1, to = -1] = numbers;
  if (from < 0 || to < 0 || more.length > 0)
    throw new Error(
      `"${entry}": "${days}" are no days; there are ${DAYS.join(" ")}, and from one to another mon-fri`,
    );
  return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, index) => (from + index) % 7);
}

/** What goes over the end of the week goes on at its beginning; what overlaps or touches is one. */
function merged(spans: readonly Span[]): Span[] {
  const cut = spans.flatMap(({ from, to }) =>
    to <= WEEK
      ? [{ from, to }]
      : [
          { from, to: WEEK },
          { from: 0, to: to - WEEK },
        ],
  );
  const week: Span[] = [];
  for (const span of cut.toSorted((a, b) => a.from - b.from)) {
    const last = week.at(-1);
    if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else week.push({ ...span });
  }
  return week;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Making one takes longer than a thousand looks at it. */
function wallClock(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const options = {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  } as const;
  const clock = new Intl.DateTimeFormat("en-US", options);
  clocks.set(timeZone, clock);
  return clock;
}

function minuteOfWeek(clock: Intl.DateTimeFormat, time: number): number {
  const parts = new Map(clock.formatToParts(time).map(({ type, value }) => [type, value]));
  const day = DAYS.indexOf((parts.get("weekday") ?? "").toLowerCase());
  return day * DAY + Number(parts.get("hour")) * 60 + Number(parts.get("minute"));
}
