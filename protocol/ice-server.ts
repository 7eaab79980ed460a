import * as v from "valibot";

const Url = v.pipe(
  v.string(),
  v.maxLength(300),
  v.regex(/^(stun|stuns|turn|turns):\S+$/, "not an address such as stun:stun.example.com:3478"),
);

/** One that helps two browsers to find a way to each other, as an RTCConfiguration has it. */
export const IceServer = v.strictObject({
  urls: v.union([Url, v.pipe(v.array(Url), v.minLength(1), v.maxLength(8))]),
  username: v.exactOptional(v.pipe(v.string(), v.maxLength(500))),
  credential: v.exactOptional(v.pipe(v.string(), v.maxLength(500))),
});

/** The operator's. With none, browsers in one network find each other, and others go by the relay. */
export const IceServers = v.pipe(v.array(IceServer), v.maxLength(8));

/** GET /api/peers/ice */
export const IceConfiguration = v.object({ iceServers: IceServers });
export type IceConfiguration = v.InferOutput<typeof IceConfiguration>;
