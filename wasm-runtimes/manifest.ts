import { LanguageId } from "../protocol/language.ts";
import * as v from "valibot";

/** One file below /runtimes/, under a name that holds the hash of its content. */
export const RuntimeFile = v.object({
  /** What the language's own code calls it, e.g. "pyodide.asm.wasm". */
  name: v.string(),
  path: v.pipe(v.string(), v.startsWith("/runtimes/")),
  /** What travels. */
  bytes: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Gzip is undone by the page, so that no layer between adds or strips a Content-Encoding and every byte can be counted. */
  encoding: v.picklist(["gzip", "identity"]),
});
export type RuntimeFile = v.InferOutput<typeof RuntimeFile>;

/** /runtimes.json: the files that each language which runs in the browser needs. */
export const RuntimeManifest = v.record(LanguageId, v.array(RuntimeFile));
export type RuntimeManifest = v.InferOutput<typeof RuntimeManifest>;
