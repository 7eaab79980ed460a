import * as v from "valibot";
import { DisplayName, Instant } from "./text.ts";

/** Global roles. Everything else is per contest. */
export const Role = v.picklist(["administrator", "organiser", "member"]);
export type Role = v.InferOutput<typeof Role>;

export const Username = v.pipe(
  v.string(),
  v.minLength(3, "at least 3 characters"),
  v.maxLength(32, "at most 32 characters"),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "only letters, digits, dot, underscore and hyphen"),
);

export const Password = v.pipe(
  v.string(),
  v.minLength(8, "at least 8 characters"),
  v.maxLength(200, "at most 200 characters"),
);

export const Email = v.pipe(
  v.string(),
  v.trim(),
  v.maxLength(254, "at most 254 characters"),
  v.email("not an e-mail address"),
);

/** POST /api/accounts */
export const SignUp = v.strictObject({
  username: Username,
  password: Password,
  email: v.optional(Email),
  displayName: v.optional(DisplayName),
});
export type SignUp = v.InferOutput<typeof SignUp>;

/** POST /api/session: `login` is a username or an e-mail address. */
export const SignIn = v.strictObject({
  login: v.pipe(v.string(), v.minLength(1, "must not be empty"), v.maxLength(254, "at most 254 characters")),
  password: v.pipe(v.string(), v.maxLength(200, "at most 200 characters")),
});
export type SignIn = v.InferOutput<typeof SignIn>;

/** An account as its owner and administrators see it. */
export const Account = v.object({
  id: v.string(),
  username: v.string(),
  displayName: v.string(),
  email: v.nullable(v.string()),
  role: Role,
  createdAt: Instant,
});
export type Account = v.InferOutput<typeof Account>;

/** GET /api/session: who is signed in, if anybody; `now` lets the page correct its clock. */
export const SessionView = v.object({ account: v.nullable(Account), now: Instant });
export type SessionView = v.InferOutput<typeof SessionView>;

/** PATCH /api/accounts/:id, by an administrator. */
export const ChangeAccount = v.strictObject({ role: Role });
export type ChangeAccount = v.InferOutput<typeof ChangeAccount>;

/** POST /api/session/password: the signed-in account changes its own password. */
export const ChangePassword = v.strictObject({ current: v.string(), password: Password });
export type ChangePassword = v.InferOutput<typeof ChangePassword>;

/** The answer to POST /api/accounts/:id/password, by an administrator: the new password, shown once. */
export const NewPassword = v.object({ password: v.string() });
export type NewPassword = v.InferOutput<typeof NewPassword>;

/** GET /api/accounts */
export const AccountList = v.object({ accounts: v.array(Account) });
export type AccountList = v.InferOutput<typeof AccountList>;
