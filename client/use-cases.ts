import { useSignal, type ReadonlySignal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ProblemView } from "../protocol/problem.ts";
import type { DraftPlace } from "./drafts.ts";
import { t } from "./i18n.ts";
import type { OwnCase } from "./own-cases.ts";
import { useKeeping } from "./use-keeping.ts";
import { newUuid } from "./uuid.ts";

/** The reader's own inputs for a problem, and the one that is shown. */
export interface Cases {
  list: readonly OwnCase[];
  chosen: OwnCase;
  choose: (id: string) => void;
  /** Adds a case and shows it. */
  add: (more?: Partial<OwnCase>) => void;
  change: (id: string, change: Partial<OwnCase>) => void;
  /** There is always one: where the last is removed, an empty one takes its place. */
  remove: (id: string) => void;
  full: boolean;
  /** Whether the browser refused to keep them. */
  lost: ReadonlySignal<boolean>;
}

/** The most cases of a problem: beyond that nobody finds any. */
const MOST_CASES = 50;

const newCase = (more: Partial<OwnCase> = {}): OwnCase => ({
  id: newUuid(),
  name: "",
  input: "",
  expected: null,
  ...more,
});

/** What a case is called: by its name, else by its number. */
export function caseName({ name }: OwnCase, index: number): string {
  return name.trim() === "" ? t("cases.numbered", { number: index + 1 }) : name;
}

/** Reading and writing is loaded when it is first needed. */
async function keep(place: DraftPlace, cases: readonly OwnCase[]): Promise<boolean> {
  try {
    const { writeCases } = await import("./own-cases.ts");
    return await writeCases(place, cases);
  } catch {
    return false;
  }
}

async function find(place: DraftPlace): Promise<OwnCase[] | null> {
  try {
    const { readCases } = await import("./own-cases.ts");
    return await readCases(place);
  } catch {
    return null;
  }
}

const leave = ({ where, cases }: { where: DraftPlace; cases: readonly OwnCase[] }): void =>
  sessionStorage.setItem(`cases/${where.owner}/${where.problem}`, JSON.stringify(cases));

/**
 * The cases of one problem, kept a moment after the last change and when the page is left.
 * @param onChange is called when a case's input or expected output is not what it was
 */
export function useCases(problem: ProblemView, place: DraftPlace, onChange: (id: string) => void): Cases {
  const atFirst = (): readonly OwnCase[] => [newCase({ input: problem.samples[0]?.input ?? "" })];
  const [list, setList] = useState(atFirst);
  const [chosenId, choose] = useState("");
  const lost = useSignal(false);
  const newest = useRef(list);
  newest.current = list;
  const unsaved = useRef<DraftPlace | null>(null);
  /** What the database was given and has not taken yet. */
  const underWay = useRef<{ where: DraftPlace; cases: readonly OwnCase[] } | null>(null);
  const touched = useRef(false);
  const opened = useRef(place);

  const keepNow = async (where: DraftPlace): Promise<void> => {
    const one = { where, cases: newest.current };
    underWay.current = one;
    lost.value = !(await keep(where, one.cases));
    if (underWay.current === one) underWay.current = null;
  };
  const flush = (event?: Event): void => {
    const where = unsaved.current;
    unsaved.current = null;
    if (where !== null) void keepNow(where);
    // A page that is left does not wait for its database: what that has not taken yet goes where it is at once (`readCases`).
    if (event && underWay.current !== null) leave(underWay.current);
  };
  useKeeping(flush, list);
  useEffect(() => {
    let gone = false;
    const load = async (): Promise<void> => {
      const found = await find(place);
      if (gone || found === null) return;
      // Somebody was quicker than the storage: what they wrote comes after what was there.
      if (touched.current) put([...found, ...newest.current]);
      else setList(found);
    };
    // Somebody signed in or out while the page was open: the cases on it were another's.
    if (opened.current !== place) setList(atFirst());
    opened.current = place;
    touched.current = false;
    void load();
    return () => {
      gone = true;
      flush();
    };
  }, [place]);

  const put = (next: readonly OwnCase[]): void => {
    touched.current = true;
    newest.current = next;
    unsaved.current = place;
    setList(next);
  };
  const add = (more?: Partial<OwnCase>): void => {
    const added = newCase(more);
    if (newest.current.length < MOST_CASES) put([...newest.current, added]);
    choose(added.id);
  };
  const change = (id: string, what: Partial<OwnCase>): void => {
    put(newest.current.map((one) => (one.id === id ? { ...one, ...what } : one)));
    if ("input" in what || "expected" in what) onChange(id);
  };
  const remove = (id: string): void => {
    const left = newest.current.filter((one) => one.id !== id);
    put(left.length > 0 ? left : [newCase()]);
    onChange(id);
  };
  const chosen = list.find(({ id }) => id === chosenId) ?? list[0] ?? newCase();
  return { list, chosen, choose, add, change, remove, full: list.length >= MOST_CASES, lost };
}
