import { later } from "./later.tsx";

/** Parts of the workbench that nobody needs before the first run or click; the editor and the statement come first. */
export const Outcome = later(async () => (await import("./outcome.tsx")).Outcome);
export const OwnCases = later(async () => (await import("./own-cases.tsx")).OwnCases);
export const SourceFiles = later(async () => (await import("./source-files.tsx")).SourceFiles);
export const History = later(async () => (await import("./history.tsx")).History);
export const TypeCheck = later(async () => (await import("./type-check.tsx")).TypeCheck);

/** Fetches them all, and what they read and write, so that a problem which was opened can be worked on without the network. */
export async function fetchAhead(): Promise<void> {
  const parts = [Outcome, OwnCases, SourceFiles, History, TypeCheck].map(({ ahead }) => ahead());
  await Promise.allSettled([...parts, import("../own-cases.ts"), import("../outcomes.ts")]);
}
