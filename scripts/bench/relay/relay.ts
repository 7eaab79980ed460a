import { armNames, openArms } from "./arms.ts";
import { fullScale, measureRound, noSamples } from "./measures.ts";
import { type RelayReport, reportOf } from "./report.ts";

/**
 * What the site's relay adds to a stream of tokens on its way from a model to a reader, beside the ways named in arms.ts.
 *
 * @param rounds of about five minutes each
 */
export async function benchRelay(rounds: number): Promise<RelayReport> {
  const open = await openArms();
  try {
    const all = new Map(armNames.map((name) => [name, noSamples()]));
    const lost = open.lost.then((how) => {
      throw new Error(how);
    });
    for (let round = 0; round < rounds; round++) {
      console.log(`round ${round + 1} of ${rounds}…`);
      await Promise.race([measureRound(open, fullScale, all), lost]);
    }
    return reportOf(all, fullScale);
  } finally {
    await open.close();
  }
}
