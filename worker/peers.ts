import * as v from "valibot";
import { type IceConfiguration, IceServers } from "../protocol/ice-server.ts";
import { ProviderId } from "../protocol/market.ts";
import { PeerName } from "../protocol/receipt.ts";
import {
  type PeerPlace,
  type PeerRole,
  SIGNAL_KEY,
  SignalQuery,
  type SignalServer,
} from "../protocol/peer-signal.ts";
import {
  INVALID_KEY,
  NOT_SIGNED_IN,
  NOTHING_SUPPLIED,
  PROVIDER_PLACE_MS,
  UNKNOWN_ID,
} from "../rules/peer-hub.ts";
import { sha256 } from "./digest.ts";
import { type Env, peerHub } from "./env.ts";
import { ApiError, json, param, type Call } from "./http.ts";
import { requireUpgrade } from "./live.ts";
import type { IssuePeer } from "./objects/peer-jobs.ts";
import { refusedUpgrade } from "./objects/peer-socket.ts";
import { ownProvider } from "./providers.ts";
import type { UserRow } from "./tables.ts";

/** How pages find one another: the routes of a PeerJS server, one for each provider, and who may be whom at it. */

/** Whom a place at a provider's hub is for. */
export interface PeerOrder {
  provider: string;
  /** Only its session may take the place. */
  account: string;
  role: PeerRole;
  /** How long it is good; a provider's for longer while somebody is in it. */
  ttlMs: number;
}

/**
 * Makes a place at a provider's hub: as whom its account may connect.
 *
 * @throws ApiError rate_limited where the hub has no room
 */
export async function issuePeer(env: Env, { provider, account, role, ttlMs }: PeerOrder): Promise<PeerPlace> {
  const place = await peerHub(env, provider).issue(account, role, ttlMs);
  if (place === null)
    throw new ApiError(
      "rate_limited",
      "This provider has as many peers as it may have. Try again in a minute.",
    );
  return place;
}

/** As whom the consumer of a peer job connects: until the job expires. */
export const consumerPlace: IssuePeer = (env, { account, provider, expiresAt }) =>
  issuePeer(env, { provider, account, role: "consumer", ttlMs: expiresAt - Date.now() });

/** POST /api/providers/:id/peer: a place at the provider's hub for a tab of its owner's. */
export async function issueOwn(call: Call, user: UserRow): Promise<Response> {
  const { id: provider } = await ownProvider(call, user, "not revoked");
  const order: PeerOrder = { provider, account: user.id, role: "provider", ttlMs: PROVIDER_PLACE_MS };
  return json((await issuePeer(call.env, order)) satisfies PeerPlace, { status: 201 });
}

/** GET /api/peers/ice: what helps browsers to find a way to each other here. */
export async function ice({ env }: Call): Promise<Response> {
  const iceServers = v.parse(v.pipe(v.string(), v.parseJson(), IceServers), env.ICE_SERVERS);
  return json({ iceServers } satisfies IceConfiguration);
}

/** GET /peerjs/:provider */
export async function describe({ url }: Call): Promise<Response> {
  return json({
    name: "Tabarena",
    description: "The signalling of one provider, as PeerJS speaks it. Ids are issued with tickets.",
    website: url.origin,
  } satisfies SignalServer);
}

/** GET /peerjs/:provider/peerjs/id: what the client asks for that was given no id. Ids come with tickets: this one is refused. */
export async function noId(): Promise<Response> {
  return new Response("without-a-ticket", {
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}

/** GET /peerjs/:provider/peerjs/peers: who is here is told to nobody, and 401 is how the reference server says so. */
export async function discover(): Promise<Response> {
  throw new ApiError("not_signed_in", "Who is here is told to nobody.");
}

/** GET /peerjs/:provider/peerjs: a peer's socket. Of the token alone nothing is believed: the session is the account's too. */
export async function connect(call: Call, user: UserRow | null): Promise<Response> {
  requireUpgrade(call);
  const provider = param(call, "provider");
  if (!v.is(ProviderId, provider)) throw new ApiError("not_found", "There is no such provider.");
  const { searchParams } = call.url;
  const query = v.safeParse(SignalQuery, Object.fromEntries(searchParams));
  if (!query.success) return refusedUpgrade(NOTHING_SUPPLIED);
  const { key, id, token } = query.output;
  if (key !== SIGNAL_KEY) return refusedUpgrade(INVALID_KEY);
  if (user === null) return refusedUpgrade(NOT_SIGNED_IN);
  if (!v.is(PeerName, id)) return refusedUpgrade(UNKNOWN_ID);
  return peerHub(call.env, provider).fetch("http://hub/", {
    headers: {
      upgrade: "websocket",
      "x-peer-id": id,
      "x-peer-account": user.id,
      "x-peer-token-hash": await sha256(token),
    },
  });
}
