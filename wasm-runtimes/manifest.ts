import { LanguageId } from "../protocol/language.ts";
import * as v from "valibot";

/** Below /runtimes/, under a name that holds the hash of its content. */
const Path = v.pipe(v.string(), v.startsWith("/runtimes/"));

/**
 * A part of a file, kept by the browser as soon as it has come: a download that was broken off goes on with the first piece that is
 * missing, and no piece is larger than a hosting platform takes.
 */
export const Piece = v.object({ path: Path, bytes: v.pipe(v.number(), v.integer(), v.minValue(1)) });
export type Piece = v.InferOutput<typeof Piece>;

export const RuntimeFile = v.object({
  /** What the language's own code calls it, e.g. "pyodide.asm.wasm". */
  name: v.string(),
  /** Gzip is undone by the page, so that no layer between adds or strips a Content-Encoding and every byte can be counted. */
  encoding: v.picklist(["gzip", "identity"]),
  /** In order; together the file, as it travels. */
  pieces: v.pipe(v.array(Piece), v.minLength(1)),
});
export type RuntimeFile = v.InferOutput<typeof RuntimeFile>;

export const LanguageFiles = v.object({
  files: v.array(RuntimeFile),
  /** Fetched when somebody asks for what they do, and not needed before that: the language is ready without. */
  onDemand: v.optional(v.array(RuntimeFile), []),
  /**
   * Where a list of further files lies once the site has made them, under a name that holds the hash of all that they are made from;
   * null when the language has no such files. Until they are made there is nothing at this address (404), and the language starts without.
   */
  prepared: v.nullable(Path),
});
export type LanguageFiles = v.InferOutput<typeof LanguageFiles>;

/** What lies at `prepared`. */
export const PreparedFiles = v.array(RuntimeFile);
export type PreparedFiles = v.InferOutput<typeof PreparedFiles>;

/** /runtimes.json: the files that each language which runs in the browser needs. Languages may share files. */
export const RuntimeManifest = v.record(LanguageId, LanguageFiles);
export type RuntimeManifest = v.InferOutput<typeof RuntimeManifest>;
