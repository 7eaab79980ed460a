/** Milliseconds of the machine's monotonic clock, which all its processes share, to the nanosecond. */
export function now(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}
