import * as v from "valibot";
import { Email, Password, Username } from "./account.ts";
import { TeamSheet } from "./team-list.ts";
import { Count, DisplayName, Instant } from "./text.ts";

/** What the owner makes somebody in a contest. Spectators are known by name and see what everybody sees. */
export const ContestRole = v.picklist(["jury", "spectator"]);
export type ContestRole = v.InferOutput<typeof ContestRole>;

const ShortText = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1, "must not be empty"),
  v.maxLength(200, "at most 200 characters"),
  v.regex(/^[^\p{Cc}]*$/u, "no control characters"),
);

/** PUT /api/contests/:slug/groups: all groups, in their order. */
export const GroupsForm = v.strictObject({
  groups: v.pipe(
    v.array(
      v.strictObject({
        /** Null for a new one. */
        id: v.nullable(v.string()),
        name: DisplayName,
      }),
    ),
    v.maxLength(100, "at most 100 groups"),
    v.check(
      (groups) => new Set(groups.map(({ name }) => name.toLowerCase())).size === groups.length,
      "the same name twice",
    ),
    v.check(
      (groups) =>
        groups.every(({ id }, at) => id === null || groups.findIndex((other) => other.id === id) === at),
      "the same group twice",
    ),
  ),
});
export type GroupsForm = v.InferOutput<typeof GroupsForm>;

/** A group as those who manage the contest see it. */
export const GroupView = v.object({ id: v.string(), name: v.string(), teams: Count });
export type GroupView = v.InferOutput<typeof GroupView>;

export const GroupList = v.object({ groups: v.array(GroupView) });
export type GroupList = v.InferOutput<typeof GroupList>;

/** An account that takes part for a team. */
export const TeamMember = v.object({ username: v.string(), displayName: v.string() });
export type TeamMember = v.InferOutput<typeof TeamMember>;

/** A link of a contest, by which new teams come, or of a team, by which it gets members. Its page is `/join/CODE`. */
export const JoinLink = v.object({
  code: v.string(),
  /** How many may still join by it; null for no bound. */
  placesLeft: v.nullable(Count),
});
export type JoinLink = v.InferOutput<typeof JoinLink>;

/** A team as the jury and the owner see it. */
export const TeamView = v.object({
  id: v.string(),
  name: v.string(),
  /** The id of its group. */
  group: v.nullable(v.string()),
  organisation: v.nullable(v.string()),
  seat: v.nullable(v.string()),
  icpcId: v.nullable(v.string()),
  /** Names of its people, who need no accounts. */
  people: v.array(v.string()),
  /** The username of the account that was made for it; null where it has none. */
  login: v.nullable(v.string()),
  members: v.array(TeamMember),
  /** When one of its accounts last signed in; null where none has, or all have signed out. */
  signedInAt: v.nullable(Instant),
  submissions: Count,
  /** Null while it has none, and for who only reads. */
  link: v.nullable(JoinLink),
});
export type TeamView = v.InferOutput<typeof TeamView>;

/** Somebody with a role. */
export const RoleView = v.object({ username: v.string(), displayName: v.string(), role: ContestRole });
export type RoleView = v.InferOutput<typeof RoleView>;

/** GET /api/contests/:slug/teams, for the jury. */
export const TeamsView = v.object({
  contest: v.object({ slug: v.string(), name: v.string() }),
  /** Whether the reader may change them. */
  manages: v.boolean(),
  groups: v.array(GroupView),
  teams: v.array(TeamView),
  roles: v.array(RoleView),
  /** By which new teams join; null while there is none, and for who only reads. */
  link: v.nullable(JoinLink),
});
export type TeamsView = v.InferOutput<typeof TeamsView>;

const details = {
  name: DisplayName,
  group: v.nullable(v.string()),
  organisation: v.nullable(ShortText),
  seat: v.nullable(ShortText),
};

/** PUT /api/contests/:slug/teams/:team */
export const TeamChange = v.strictObject(details);
export type TeamChange = v.InferOutput<typeof TeamChange>;

/** POST /api/contests/:slug/teams/new: one team with a login, by hand. The answer is its `TeamSheet`. */
export const NewTeam = v.strictObject({
  ...details,
  people: v.pipe(v.array(ShortText), v.maxLength(20, "at most 20 people")),
  /** Null for one made from the name. */
  username: v.nullable(Username),
  /** Null for one that is made. */
  password: v.nullable(Password),
  email: v.nullable(Email),
});
export type NewTeam = v.InferOutput<typeof NewTeam>;

/** POST /api/contests/:slug/teams/:team/members */
export const AddMember = v.strictObject({ username: v.pipe(v.string(), v.trim()) });
export type AddMember = v.InferOutput<typeof AddMember>;

/** PUT /api/contests/:slug/roles/:username */
export const GiveRole = v.strictObject({ role: ContestRole });
export type GiveRole = v.InferOutput<typeof GiveRole>;

/** POST /api/contests/:slug/join and …/teams/:team/join: a new link, in the place of the one before. */
export const NewLink = v.strictObject({
  places: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1, "at least 1"), v.maxValue(10_000))),
});
export type NewLink = v.InferOutput<typeof NewLink>;

/** GET /api/join/:code: what a link leads to. */
export const JoinView = v.object({
  contest: v.object({ slug: v.string(), name: v.string() }),
  /** Null where who joins makes a new team. */
  team: v.nullable(v.object({ name: v.string(), members: v.array(v.string()) })),
  /** Why the reader cannot join, a sentence; null while they can. */
  refusal: v.nullable(v.string()),
  /** The reader's team in this contest, if they have one. */
  own: v.nullable(v.string()),
});
export type JoinView = v.InferOutput<typeof JoinView>;

/** POST /api/join/:code: `name` is the new team's, null where the link is a team's. */
export const Join = v.strictObject({ name: v.nullable(DisplayName) });
export type Join = v.InferOutput<typeof Join>;

/** POST /api/contests/:slug/teams/:team/password: the team's login with its new password, shown this once. */
export const TeamPassword = TeamSheet;
