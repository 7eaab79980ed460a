/**
 * Waits for work that goes on for others too, but not beyond the moment at which `stop` fires.
 * @throws what `stop` was aborted with
 */
export async function unlessAborted<Result>(work: Promise<Result>, stop?: AbortSignal): Promise<Result> {
  if (stop === undefined) return work;
  stop.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(stop.reason);
  stop.addEventListener("abort", onAbort);
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    stop.removeEventListener("abort", onAbort);
  }
}
