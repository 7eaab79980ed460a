/**
 * What the slots of one judge share: the floor on which their programs and compilers run. A measurement that must not
 * be disturbed has it alone:
 *
 *     waiting, first come first served -> on the floor: any number beside each other, or one alone -> gone
 *
 * Strictly in order: who asks to be alone waits for those on the floor, and keeps those behind it waiting, so that
 * neither kind can keep the other from ever coming on. Whoever leaves, by success or by failure, makes way.
 *
 * Work on the floor must not ask for the floor itself: with someone waiting to be alone in between, both would wait for
 * ever. So each piece of work is one run of the sandbox, which its wall guard ends.
 */
export interface Floor {
  /** Does work beside the other slots'. @returns what the work gives; fails as it fails */
  beside<T>(work: () => Promise<T>): Promise<T>;
  /** Does work while no other slot does any. @returns what the work gives; fails as it fails */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

export function openFloor(): Floor {
  const waiting: { alone: boolean; enter(): void }[] = [];
  let working = 0;
  let isAlone = false;

  const admit = (): void => {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      if (isAlone || (next.alone && working > 0)) return;
      waiting.shift();
      working++;
      isAlone = next.alone;
      next.enter();
    }
  };
  const hold = async <T>(alone: boolean, work: () => Promise<T>): Promise<T> => {
    await new Promise<void>((enter) => {
      waiting.push({ alone, enter });
      admit();
    });
    try {
      return await work();
    } finally {
      working--;
      isAlone = false;
      admit();
    }
  };
  return { beside: (work) => hold(false, work), alone: (work) => hold(true, work) };
}
