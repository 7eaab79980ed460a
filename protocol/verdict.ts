import * as v from "valibot";

/**
 * What became of one test of a submission. The ids are those of the CLICS Contest API
 * (https://ccs-specs.icpc.io, "Known judgement types").
 *
 * - `AC`  the output was accepted
 * - `WA`  the output was rejected by the checker
 * - `TLE` more CPU time than the problem allows, or asleep past the wall guard
 * - `RTE` killed by a signal, or a non-zero exit code
 * - `MLE` the kernel killed the program for want of memory
 * - `OLE` more output than the problem allows
 */
export const RunVerdict = v.picklist(["AC", "WA", "TLE", "RTE", "MLE", "OLE"]);
export type RunVerdict = v.InferOutput<typeof RunVerdict>;

/**
 * What a team is told of a whole submission: a run's verdict, or that it did not compile. A judge that failed has not
 * judged: that is no verdict (CLICS `JE`) but a round in the state `failed`, and a team goes on seeing "judging".
 */
export const Verdict = v.picklist([...RunVerdict.options, "CE"]);
export type Verdict = v.InferOutput<typeof Verdict>;

/** Verdicts that count as a rejected attempt in an ICPC contest: every one but acceptance and a compile error. */
export const penalised: ReadonlySet<Verdict> = new Set<Verdict>(["WA", "TLE", "RTE", "MLE", "OLE"]);
