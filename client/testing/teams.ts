import * as v from "valibot";
import type { ErrorBody } from "../../protocol/errors.ts";
import { TeamList, type TeamSheet } from "../../protocol/team-list.ts";
import { Join, NewTeam, type JoinView, type TeamsView, type TeamView } from "../../protocol/team.ts";
import { previewTeams, teamCredentials, credentialsSeedBytes } from "../../rules/team-csv-preview.ts";
import { now } from "./fixtures/time.ts";

type Given = { status: number; body: unknown };
const ok = (body: unknown): Given => ({ status: 200, body });
const refuse = (status: number, body: ErrorBody): Given => ({ status, body });

const team = (id: string, name: string, more: Partial<TeamView> = {}): TeamView => ({
  id,
  name,
  group: null,
  organisation: null,
  seat: null,
  icpcId: null,
  people: [],
  login: null,
  members: [],
  signedInAt: null,
  submissions: 0,
  link: null,
  ...more,
});

const login = (username: string, displayName: string) => ({
  login: username,
  members: [{ username, displayName }],
});

/** A contest of three teams, as its manager sees them. */
export const managed: TeamsView = {
  contest: { slug: "spring-open", name: "Spring Open 2026" },
  manages: true,
  groups: [
    { id: "g-north", name: "North", teams: 2 },
    { id: "g-south", name: "South", teams: 0 },
  ],
  teams: [
    team("team-01", "Água e Óleo", {
      group: "g-north",
      organisation: "Escola Estadual 7",
      seat: "B12",
      people: ["Ana", "Bo", "Caio"],
      ...login("agua-e-oleo", "Água e Óleo"),
      signedInAt: now,
      submissions: 4,
    }),
    team("team-02", "Pão de Queijo", { group: "g-north", ...login("pao-de-queijo", "Pão de Queijo") }),
    team("team-03", "队伍三", {
      members: [{ username: "bo", displayName: "Bo Li" }],
      link: { code: "c7hdf-x4rw9-tyn3p", placesLeft: 2 },
    }),
  ],
  roles: [{ username: "caio", displayName: "Caio Prado", role: "jury" }],
  link: { code: "tyn3p-c7hdf-x4rw9", placesLeft: null },
};

/** As its jury sees them. */
export const forJury: TeamsView = { ...managed, manages: false, roles: [], link: null };

const spring = managed.contest;
const joins: Readonly<Record<string, JoinView>> = {
  open: { contest: spring, team: null, refusal: null, own: null },
  team: {
    contest: spring,
    team: { name: "Pão de Queijo", members: ["Ana Terra"] },
    refusal: null,
    own: null,
  },
  revoked: { contest: spring, team: null, refusal: "This link was revoked. Ask for a new one.", own: null },
  own: { contest: spring, team: null, refusal: "You are in the team Reds already.", own: "Reds" },
};

const site = { usernames: ["agua-e-oleo", "ana", "bo", "caio"], emails: ["ana@example.org"] };

/**
 * The answers about teams, by `METHOD path`; lists are read by the real rules.
 *
 * @param view - what the reader sees of the contest's teams
 * @param said - the request's body
 */
export function teamRoutes(
  view: TeamsView,
  said: string,
): readonly (readonly [RegExp, (slug: string) => Given])[] {
  const surroundings = {
    ...site,
    teamNames: view.teams.map(({ name }) => name),
    room: 500,
    groups: view.groups,
  };
  return [
    [/^GET \/api\/contests\/[\w-]+\/teams$/, () => ok(view)],
    [
      /^POST \/api\/contests\/[\w-]+\/teams\/preview$/,
      () => read(TeamList, said, (list) => ok(previewTeams(list, surroundings))),
    ],
    [
      /^POST \/api\/contests\/[\w-]+\/teams\/import$/,
      () =>
        read(TeamList, said, (list) => {
          const preview = previewTeams(list, surroundings);
          return preview.importable ? ok(sheetOf(preview)) : refuse(400, broken);
        }),
    ],
    [
      /^POST \/api\/contests\/[\w-]+\/teams\/new$/,
      () =>
        read(NewTeam, said, ({ name, username, seat }) =>
          ok({
            made: 1,
            teams: [{ name, username: username ?? "made", password: "c7hdf-x4rw9-tyn3p", email: null, seat }],
          } satisfies TeamSheet),
        ),
    ],
    [
      /^POST \/api\/contests\/[\w-]+\/teams\/([\w-]+)\/password$/,
      (id) => {
        const { name, login: username } = view.teams.find((one) => one.id === id) ?? team("", "");
        const password = "tyn3p-x4rw9-c7hdf";
        return ok({
          made: 1,
          teams: [{ name, username: username ?? "", password, email: null, seat: null }],
        } satisfies TeamSheet);
      },
    ],
    [/^DELETE \/api\/contests\/[\w-]+\/teams\/([\w-]+)$/, (id) => ok({ removed: id })],
    [/^PUT \/api\/contests\/[\w-]+\/teams\/([\w-]+)$/, () => ok({})],
    [/^(?:POST|DELETE) \/api\/contests\/[\w-]+\/teams\/[\w-]+\/(?:members|join)/, () => ok({})],
    [/^(?:POST|DELETE) \/api\/contests\/[\w-]+\/join$/, () => ok({})],
    [/^PUT \/api\/contests\/[\w-]+\/groups$/, () => ok({})],
    [/^PUT \/api\/contests\/[\w-]+\/roles\/ana$/, () => refuse(409, inTeam)],
    [/^(?:PUT|DELETE) \/api\/contests\/[\w-]+\/roles\/[\w-]+$/, () => ok({})],
    [/^GET \/api\/join\/(\w+)$/, (code) => found(joins[code])],
    [
      /^POST \/api\/join\/(\w+)$/,
      (code) => read(Join, said, ({ name }) => ok({ ...joins[code], own: name ?? "Pão de Queijo" })),
    ],
  ];
}

const sheetOf = (preview: ReturnType<typeof previewTeams>): TeamSheet => ({
  made: preview.rows.length,
  teams: teamCredentials(preview, new Uint8Array(credentialsSeedBytes(preview)).fill(0x3a)),
});

const broken: ErrorBody = {
  code: "invalid_request",
  message: "The list has errors, and no team of it was made.",
};
const inTeam: ErrorBody = {
  code: "contest_refuses",
  message: "ana is in a team of this contest and cannot be on its jury.",
};

function found(body: unknown): Given {
  return body === undefined ? refuse(404, { code: "not_found", message: "Nothing here." }) : ok(body);
}

function read<Schema extends v.GenericSchema>(
  schema: Schema,
  said: string,
  give: (body: v.InferOutput<Schema>) => Given,
): Given {
  const parsed = v.safeParse(schema, JSON.parse(said));
  return parsed.success
    ? give(parsed.output)
    : refuse(400, { code: "invalid_request", message: "The request has fields that are wrong." });
}
