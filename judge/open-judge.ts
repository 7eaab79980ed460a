import { type LanguageId, languages } from "../protocol/language.ts";
import type { SandboxLevel } from "../protocol/submission.ts";
import { type Floor, openFloor } from "./floor.ts";
import { openHostLoad } from "./host-load.ts";
import { type Conditions, findLevel } from "./levels.ts";
import { compileAhead } from "./compile-ahead.ts";
import { judgeLanguages } from "./languages/index.ts";
import { openProven } from "./proven.ts";
import type { Slot, Toolchain, Toolchains } from "./slot.ts";
import type { Store } from "./store.ts";
import { findToolchains, type Missing } from "./toolchains.ts";

export interface JudgeConditions extends Conditions {
  /** How many submissions to judge at once; at most one for each processor. */
  slots: number;
  /** Processors that this process may use. */
  processors: number;
  /** The languages to look for, as trying each takes its time; null for all. */
  languages: readonly LanguageId[] | null;
}

/** What this host can do: judge in so many slots, or nothing and why. */
export interface Ability {
  /** Null when no isolation holds: then there are no slots, since nothing ever runs unsandboxed unasked. */
  level: SandboxLevel | null;
  reason: string;
  slots: readonly Slot[];
  toolchains: Toolchains;
  missing: readonly Missing[];
  /** Does work that is not a submission's in a slot of its own on `store`, where it disturbs no measurement. */
  aside<T>(store: Store, work: (slot: Slot) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * Finds out by trying: which level holds, and which languages work at it. Then compiles aside what compilers want to find
 * ready, such as the C++ header.
 *
 *     processor   0          1        2        3
 *                 service    slot 2   slot 1   slot 0        with 3 slots on 4 processors
 *                 and aside
 *
 * Each slot's programs run on a processor of their own. When the slots take them all, what is done aside shares the last
 * and runs only while nobody else does.
 *
 * @param say - told in a line when such a thing is ready or cannot be made, which is after this returns
 */
export async function openJudge(
  store: Store,
  conditions: JudgeConditions,
  say: (line: string) => void,
): Promise<Ability> {
  const { slots: count, processors } = conditions;
  const processorOf = (slot: number): number => Math.max(0, processors - 1 - slot);
  const found = await findLevel(store, conditions, processorOf(0));
  if (found.level === null) return noAbility(found.reason);

  const sandboxes = [found.first];
  const proven = await openProven(store, conditions.root);
  const wanted = Object.values(judgeLanguages).filter(({ id }) => conditions.languages?.includes(id) ?? true);
  const { toolchains, missing } = await findToolchains(found.first, store, wanted, proven);
  for (let slot = 1; slot < count; slot++) sandboxes.push(await found.open(store, slot, processorOf(slot)));
  const ahead = new Map<LanguageId, string>();
  const floor = openFloor();
  const slotOf = (index: number): Omit<Slot, "sandbox" | "store"> => ({
    toolchains,
    madeAhead: (language) => ahead.get(language) ?? null,
    floor,
    hostLoad: openHostLoad(processorOf(index)),
  });

  let asides = 0;
  let closed = false;
  const aside = async <T>(where: Store, work: (slot: Slot) => Promise<T>): Promise<T> => {
    // A number of its own, and so a user of its own, also for two at once.
    const sandbox = await found.open(where, count + asides++, processorOf(count));
    sandboxes.push(sandbox);
    try {
      if (closed) throw new Error("the judge is closed");
      // What is made ahead is in the judge's own store.
      const madeAhead = (id: LanguageId): string | null => (where === store ? (ahead.get(id) ?? null) : null);
      const shared = { ...slotOf(count), madeAhead, floor: count < processors ? floor : lonely(floor) };
      return await work({ ...shared, sandbox, store: where });
    } finally {
      await sandbox.close();
      sandboxes.splice(sandboxes.indexOf(sandbox), 1);
    }
  };
  const slots = sandboxes.map((sandbox, index) => ({ ...slotOf(index), sandbox, store }));
  const makeAhead = async (toolchain: Toolchain): Promise<void> => {
    const { id, ahead: wanted } = toolchain.language;
    if (wanted === undefined) return;
    const what = `${languages[id].name} ${wanted.what}`;
    try {
      const make = (slot: Slot): Promise<string> => compileAhead(slot.sandbox, store, toolchain);
      ahead.set(id, await aside(store, (slot) => slot.floor.beside(() => make(slot))));
      say(`${what} precompiled`);
    } catch (error) {
      // Compiling goes on without it, only slower.
      if (!closed) say(`${what} not precompiled: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const makeAll = async (): Promise<void> => {
    // One after another: there is one processor aside.
    for (const toolchain of toolchains.values()) if (!closed) await makeAhead(toolchain);
  };
  const allMade = makeAll();
  return {
    level: found.level,
    reason: found.reason,
    slots,
    toolchains,
    missing,
    aside,
    close: async () => {
      closed = true;
      await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
      await allMade;
    },
  };
}

/** The same floor, for work that must never run beside any other. */
function lonely(floor: Floor): Floor {
  return { beside: floor.alone, alone: floor.alone };
}

function noAbility(reason: string): Ability {
  return {
    level: null,
    reason,
    slots: [],
    toolchains: new Map(),
    missing: [],
    aside: () => Promise.reject(new Error(reason)),
    close: () => Promise.resolve(),
  };
}
