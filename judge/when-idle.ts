/**
 * Does something once, as soon as nothing has been going on for a while.
 *
 * @param isIdle - asked every second
 * @param forMs - how long it must have been idle without a break
 * @returns gives up waiting
 */
export function whenIdle(isIdle: () => boolean, forMs: number, act: () => void): () => void {
  let since = Date.now();
  const timer = setInterval(() => {
    if (!isIdle()) since = Date.now();
    if (Date.now() - since < forMs) return;
    clearInterval(timer);
    act();
  }, 1000);
  return () => clearInterval(timer);
}
