import { join, resolve } from "node:path";

/** The repository's root; every relative path of these scripts starts here. */
export const ROOT = resolve(import.meta.dirname, "..");

export const DIST = join(ROOT, "dist");
export const CLIENT = join(DIST, "client");
export const WORKER = join(DIST, "worker");
export const PROBLEMS = join(DIST, "problems");
export const PREPARED = join(DIST, "prepared");
