/**
 * Scripts of packages that were written for Node, made into scripts that hand over a function: whoever calls it gives them what they
 * would have found around them there, and nothing else.
 */

declare function importScripts(url: string): void;

const HANDOVER = "__handOver";

/**
 * @param parameters names that are free in `text`
 * @returns the script of which `takeHandedOver` gets a function of these
 */
export const asHandover = (parameters: string, text: string): string =>
  `${HANDOVER}(function (${parameters}) {\n${text}\n});`;

/** @throws Error when the script hands nothing over */
export function takeHandedOver(script: Blob): (...values: unknown[]) => void {
  let taken: ((...values: unknown[]) => void) | null = null;
  Object.defineProperty(globalThis, HANDOVER, {
    configurable: true,
    value: (given: (...values: unknown[]) => void) => (taken = given),
  });
  const url = URL.createObjectURL(script.slice(0, script.size, "text/javascript"));
  importScripts(url);
  URL.revokeObjectURL(url);
  Reflect.deleteProperty(globalThis, HANDOVER);
  if (taken === null) throw new Error("A script did not hand over what it holds.");
  return taken;
}
