import { NewGrant, type Granted } from "../protocol/ledger.ts";
import { ApiError, json, readJson, type Call } from "./http.ts";
import { balance, grant, statement } from "./ledger.ts";
import { tables, type UserRow } from "./tables.ts";

/** GET /api/ledger?before=ENTRY: the reader's own statement, a page of it. */
export async function show({ env, url }: Call, user: UserRow): Promise<Response> {
  const before = url.searchParams.get("before");
  if (before === null) return json(await statement(env, user.id));
  if (!/^\d{1,15}$/.test(before)) {
    throw new ApiError("invalid_request", "There is no such page.", ["before: must be the id of an entry"]);
  }
  return json(await statement(env, user.id, Number(before)));
}

/** POST /api/grants: the only way in which credits come into being, but for the allowance of new accounts. */
export async function give({ env, request }: Call, administrator: UserRow): Promise<Response> {
  const { key, account, amount, note } = await readJson(request, NewGrant);
  const user = await tables(env.DB).users.First({ where: { id: account } });
  if (!user) throw new ApiError("not_found", "There is no such account.");
  const given = await grant(env, { key, user: user.id, amountNano: amount, note, by: administrator.id });
  switch (given) {
    case "granted":
      break;
    case "key taken":
      throw new ApiError(
        "key_taken",
        "Another grant was made under this key. Send what is new under a new key.",
      );
    case "too much":
      throw new ApiError("invalid_request", "The account would have more than can be counted.", [
        "amount: an account has at most 9007199.254740991 credits",
      ]);
    default:
      return given satisfies never;
  }
  return json({ account: user.id, balanceNano: await balance(env, user.id) } satisfies Granted, {
    status: 201,
  });
}
