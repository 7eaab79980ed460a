import * as v from "valibot";
import { SandboxLevel } from "./submission.ts";
import { Instant } from "./text.ts";

/**
 * What a sandbox promises, each tried by hostile programs of our own (`npm run judge -- doctor`).
 *
 * - `processes`    bounded in number, all ended and gone when the test is over
 * - `memory`       heap, stack, shared memory and files together stay below the limit
 * - `cpu_time`     the CPU time of all processes together is measured, and stopped at the limit
 * - `wall_time`    what sleeps, stops itself or ignores signals ends
 * - `output`       floods are cut, and what is written arrives whole
 * - `network`      no socket reaches anything
 * - `files`        nothing of the host can be written, nothing private be read
 * - `answers`      no expected answer, other submission or other slot can be seen
 * - `privileges`   no way to root, to a capability or to another user
 * - `kernel`       no mounts, namespaces, tracing, keyrings, or kernel interfaces with a history
 * - `signals`      no other process can be signalled or traced
 * - `work_folder`  bounded in size and in files; links in it lead nowhere
 * - `leftovers`    nothing of one run is there for the next
 * - `clocks`       no clock can be set, and no measurement be falsified
 * - `compilers`    a compiler made to loop, flood, eat memory or read secrets is a compile error
 * - `endings`      exit codes, signals and failures to start are told apart
 */
export const Guarantee = v.picklist([
  "processes",
  "memory",
  "cpu_time",
  "wall_time",
  "output",
  "network",
  "files",
  "answers",
  "privileges",
  "kernel",
  "signals",
  "work_folder",
  "leftovers",
  "clocks",
  "compilers",
  "endings",
]);
export type Guarantee = v.InferOutput<typeof Guarantee>;

export const GuaranteeState = v.picklist(["holds", "broken", "unchecked"]);
export type GuaranteeState = v.InferOutput<typeof GuaranteeState>;

/** POST /link/judge/checks: what a judge's doctor found. */
export const CheckReport = v.object({
  at: Instant,
  /** What was tried; null when no level holds at all. */
  level: v.nullable(SandboxLevel),
  reason: v.pipe(v.string(), v.maxLength(1000)),
  guarantees: v.pipe(
    v.array(
      v.object({
        id: Guarantee,
        state: GuaranteeState,
        /** What was seen: how many programs were held, which one was not and how, or why none was tried. */
        detail: v.pipe(v.string(), v.maxLength(1000)),
      }),
    ),
    v.maxLength(Guarantee.options.length),
    v.check(
      (told) => new Set(told.map(({ id }) => id)).size === told.length,
      "must tell of each guarantee once at most",
    ),
  ),
});
export type CheckReport = v.InferOutput<typeof CheckReport>;
