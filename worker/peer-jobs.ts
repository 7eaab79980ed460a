import { formatCredits } from "../protocol/money.ts";
import { aliased } from "../protocol/model-alias.ts";
import { NewPeerJob, PeerReceipts, type PeerJobState, type PeerTicket } from "../protocol/peer-job.ts";
import { market } from "./env.ts";
import { ApiError, json, param, readJson, type Call } from "./http.ts";
import { endedPeerJob } from "./objects/peer-job-rows.ts";
import { isPublicKey } from "./peer-crypto.ts";
import type { UserRow } from "./tables.ts";
import { accountWishes } from "./wishes.ts";

/** Jobs from page to tab (protocol/peer-job.ts): what the page asks of the edge. */

/** POST /api/peer-jobs: a ticket; `no_peer` where nobody takes it so, and the relay is to be asked. */
export async function create({ env, request }: Call, user: Pick<UserRow, "id">): Promise<Response> {
  const asked = await readJson(request, NewPeerJob);
  if (!(await isPublicKey(asked.consumerKey)))
    throw new ApiError("invalid_request", "The request has fields that are missing or wrong.", [
      "consumerKey: not a P-256 point in base64",
    ]);
  const { wishes, aliases } = await accountWishes(env, user.id);
  const opened = await market(env).openPeerJob({
    consumer: user.id,
    wishes,
    aliased: aliased(aliases, asked.model),
    asked,
  });
  switch (opened.type) {
    case "ticket":
      return json(opened.ticket satisfies PeerTicket, { status: 201 });
    case "none":
      throw new ApiError("no_peer", "No provider takes this from page to page; the relay may have one.");
    case "insufficient":
      throw new ApiError(
        "insufficient_funds",
        `This request may cost up to ${formatCredits(opened.neededNano)} credits, and the account has ` +
          `${formatCredits(opened.balanceNano)}. A smaller maxTokens needs less.`,
      );
    case "too many":
      throw new ApiError(
        "rate_limited",
        `${opened.most} requests of this account go from page to page already.`,
      );
    default:
      return opened satisfies never;
  }
}

/** POST /api/peer-jobs/:job/receipts: what both have signed, and whether the page is done. May come again, and after the end. */
export async function receipts(call: Call, user: Pick<UserRow, "id">): Promise<Response> {
  const told = await readJson(call.request, PeerReceipts);
  const job = param(call, "job");
  const answer = await market(call.env).tellPeerJob(job, user.id, told);
  if (answer === "false signature")
    throw new ApiError("invalid_request", "The request has fields that are missing or wrong.", [
      "receipts: a signature is not by the key of this job's ticket",
    ]);
  return stateOf(call, job, user, answer);
}

/** POST /api/peer-jobs/:job/relay: the page found no way to the provider, and goes to the relay. */
export async function relay(call: Call, user: Pick<UserRow, "id">): Promise<Response> {
  const job = param(call, "job");
  return stateOf(call, job, user, await market(call.env).leavePeerJob(job, user.id));
}

/** @param open as the Market has it; null where the job is over, or never was this account's */
async function stateOf(
  { env }: Call,
  job: string,
  { id }: Pick<UserRow, "id">,
  open: PeerJobState | null,
): Promise<Response> {
  if (open !== null) return json(open);
  const ended = await endedPeerJob(env, job, id);
  if (ended === null) throw new ApiError("not_found", "You have no such job.");
  const { costNano, ...paid } = ended;
  return json({ state: "settled", paid, costNano } satisfies PeerJobState);
}
