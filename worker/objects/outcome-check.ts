import type { Outcome } from "../../protocol/judge.ts";
import type { SandboxLevel } from "../../protocol/submission.ts";
import { roundPoints, sumPoints } from "../../rules/formats/points.ts";
import type { Env } from "../env.ts";
import { testsOf } from "../package-tests.ts";
import type { HeldLease } from "./leases.ts";

/**
 * What is wrong with an outcome that came for a lease, in a sentence; null when nothing is. Nothing of a wrong one is
 * written: a judge that names tests that there are not, or answers another question, did not judge this.
 *
 * @param announced the level that the judge introduced itself with
 */
export async function faultIn(
  env: Env,
  held: HeldLease,
  outcome: Outcome,
  announced: SandboxLevel | null,
): Promise<string | null> {
  switch (outcome.type) {
    case "failure":
      return null;
    case "verdict":
      if (held.work.work !== "submission") return otherWork(held, "a verdict");
      if (outcome.level !== announced)
        return `the verdict is of level ${outcome.level}, which the judge did not announce`;
      if (
        outcome.groups.length > 0 &&
        sumPoints(outcome.groups.map(({ score }) => score)) !== roundPoints(outcome.score ?? 0)
      )
        return "the scores of the groups do not add up to the score";
      return unknownTest(
        env,
        held,
        outcome.runs.map(({ name }) => name),
      );
    case "run":
      if (held.work.work !== "custom run") return otherWork(held, "a custom run's result");
      return strangeRun(
        env,
        held,
        outcome.result.tests.map(({ test }) => test),
      );
    case "time limit":
      return held.work.work === "time limit" ? null : otherWork(held, "a time limit");
    default:
      return outcome satisfies never;
  }
}

const otherWork = ({ work }: HeldLease, sent: string): string =>
  `the judge sent ${sent} for a lease of the kind "${work.work}"`;

async function unknownTest(env: Env, { work }: HeldLease, names: readonly string[]): Promise<string | null> {
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return `the judge named the test ${shown(twice)} twice`;
  const tests = await testsOf(env, work.package);
  if (!tests) return "the package of this submission cannot be read";
  const unknown = names.find((name) => !tests.has(name));
  return unknown === undefined ? null : `the package has no test ${shown(unknown)}, which the judge named`;
}

/** A custom run is on its author's input, or on samples: what it reads is shown to its author. */
async function strangeRun(
  env: Env,
  held: HeldLease,
  names: readonly (string | null)[],
): Promise<string | null> {
  const named = names.flatMap((name) => (name === null ? [] : [name]));
  if (named.length > 0 && held.task?.onSamples !== true)
    return "the judge ran tests instead of the author's input";
  if (named.length < names.length && held.task?.onSamples === true)
    return "the judge did not name what it ran";
  const hidden = named.find((name) => !name.startsWith("sample/"));
  if (hidden !== undefined) return `the judge ran ${shown(hidden)}, which is no sample`;
  return unknownTest(env, held, named);
}

const shown = (name: string): string => JSON.stringify(name.slice(0, 200));
