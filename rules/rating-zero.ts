/** A function's value at a point and its slope there. */
export interface Sloped {
  value: number;
  slope: number;
}

const CLOSE_ENOUGH = 1e-10;
const MOST_STEPS = 200;

/**
 * Where a strictly increasing function is zero: by Newton's method, kept between two points of different signs that every
 * step draws closer, and by halving where the slope leads out of them.
 *
 * @param start - where to look first
 * @param scale - how far off the zero may well be; any number above 0 will do
 * @returns exact to about 1e-10
 */
export function zeroOf(of: (x: number) => Sloped, start: number, scale: number): number {
  let low = start - scale;
  for (let step = scale; of(low).value > 0; step *= 2) low -= step;
  let high = start + scale;
  for (let step = scale; of(high).value < 0; step *= 2) high += step;
  let x = Math.min(Math.max(start, low), high);
  for (let steps = 0; steps < MOST_STEPS && high - low > CLOSE_ENOUGH; steps++) {
    const { value, slope } = of(x);
    if (value === 0) return x;
    if (value > 0) high = x;
    else low = x;
    const newton = x - value / slope;
    if (Math.abs(newton - x) < CLOSE_ENOUGH) return newton;
    x = newton > low && newton < high ? newton : (low + high) / 2;
  }
  return x;
}
