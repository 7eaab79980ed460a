/** Lets as many things be done at once as there are places, and the others wait their turn, first come first served. */
export interface Slots {
  /** Takes one place, or all of them: then nothing else is done meanwhile. */
  take<Result>(act: () => Promise<Result>, places?: "one" | "all"): Promise<Result>;
}

export function openSlots(size: number): Slots {
  const waiting: { needs: number; go: () => void }[] = [];
  let free = size;

  function advance(): void {
    // Whoever waits for all is not overtaken, or others that come all the time would keep it waiting for ever.
    for (let next = waiting[0]; next !== undefined && next.needs <= free; next = waiting[0]) {
      waiting.shift();
      free -= next.needs;
      next.go();
    }
  }
  return {
    async take(act, places = "one") {
      const needs = places === "all" ? size : 1;
      await new Promise<void>((go) => {
        waiting.push({ needs, go });
        advance();
      });
      try {
        return await act();
      } finally {
        free += needs;
        advance();
      }
    },
  };
}
