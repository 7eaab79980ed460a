import type { ArmReport, RelayReport } from "./report.ts";

/** Prints a report for people. */
export function printRelayReport({ arms, scale, targets }: RelayReport): void {
  console.log("idle, one request after the other; ms");
  table(arms, ({ idle }) => ({
    "first token p50": idle.firstP50,
    p95: idle.firstP95,
    "over direct": idle.added === null ? "" : `${idle.added} ± ${idle.addedUncertainty}`,
    "CPU a request": idle.cpuPerRequest ?? "",
  }));
  for (const streams of scale.streams) {
    console.log(`${streams} streams of 50 tokens/s; ms`);
    table(arms, (arm) => {
      const one = arm.streams.find((found) => found.streams === streams);
      return {
        "first token p50": one?.firstP50,
        p95: one?.firstP95,
        "over direct": one?.added ?? "",
        "token p50": one?.tokenP50,
        p99: one?.tokenP99,
        "worst p99": one?.worstTokenP99,
        "CPU for 1,000": one?.cpuPerThousand ?? "",
      };
    });
    console.log(`what of the machine each process took at ${streams} streams`);
    table(arms, (arm) => {
      const share = arm.streams.find((found) => found.streams === streams)?.share;
      return {
        server: percent(share?.server),
        model: percent(share?.writer),
        consumers: percent(share?.load),
      };
    });
  }
  console.log(`${scale.burst} tokens at once; simultaneous starts; ${scale.held} streams held`);
  table(arms, ({ burst, starts, held }) => ({
    "tokens/s": burst.tokensPerSecond,
    worst: burst.worstTokensPerSecond,
    ...Object.fromEntries(
      starts.flatMap(({ streams, served, asked, allFirst }) => [
        [`${streams} starts served`, `${served} of ${asked}`],
        [`all ${streams} begun, ms`, allFirst ?? ""],
      ]),
    ),
    "held whole": held?.leastWhole,
    "at once": held?.leastAtOnce,
  }));
  console.log("from a hang-up to the model's being told; ms, median and worst");
  table(arms, ({ hangUps }) =>
    Object.fromEntries(
      hangUps.map(({ when, median, worst, unseen }) => [
        when,
        `${median ?? "-"} / ${worst ?? "-"}${unseen > 0 ? `, ${unseen} never` : ""}`,
      ]),
    ),
  );
  for (const { name, troubles } of arms)
    for (const { trouble, times } of troubles) console.log(`${name}: ${times} times: ${trouble}`);
  for (const { target, figure, met } of targets)
    console.log(`${met === null ? "not measured" : met ? "met" : "NOT MET"}: ${target}: ${figure ?? "-"}`);
}

function table(arms: readonly ArmReport[], row: (arm: ArmReport) => object): void {
  console.table(Object.fromEntries(arms.map((arm) => [arm.name, row(arm)])));
}

const percent = (share: number | undefined): string =>
  share === undefined ? "" : `${Math.round(share * 100)} %`;
