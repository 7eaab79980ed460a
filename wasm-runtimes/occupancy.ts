import type { Box } from "./box/box.ts";

/** Who is at work in boxes, so that one can be removed when nobody is. */
export interface Occupancy {
  during<Result>(box: Box, work: () => Promise<Result>): Promise<Result>;
  /** Removes the box once all work in it is done; until then more may begin. */
  retire(box: Box): void;
}

/** @param removed hears when a box was removed */
export function openOccupancy(removed: () => void): Occupancy {
  const counts = new Map<Box, number>();
  const retired = new Set<Box>();

  function removeIfLeft(box: Box): void {
    if (counts.has(box) || !retired.delete(box)) return;
    box.close();
    removed();
  }
  return {
    async during(box, work) {
      counts.set(box, (counts.get(box) ?? 0) + 1);
      try {
        return await work();
      } finally {
        const left = (counts.get(box) ?? 1) - 1;
        if (left > 0) counts.set(box, left);
        else counts.delete(box);
        removeIfLeft(box);
      }
    },
    retire(box) {
      retired.add(box);
      removeIfLeft(box);
    },
  };
}
