import type * as v from "valibot";
import { teamListFaults, type TeamListFault, type TeamListPreview } from "../../protocol/team-list.ts";
import type { GroupView } from "../../protocol/team.ts";
import { t } from "../i18n.ts";
import { Icon } from "./icons.tsx";
import { TableScroll } from "./table-scroll.tsx";

/** A preview as the server answers: of a later version it may tell of faults that this page does not know. */
export type SentPreview = v.InferOutput<typeof TeamListPreview>;

interface Props {
  preview: SentPreview;
  groups: readonly GroupView[];
}

/** The teams that a list would make, and all that is wrong with it, by line. */
export function TeamPreview({ preview, groups }: Props) {
  const { problems, rows } = preview;
  const errors = problems.filter(({ severity }) => severity === "error").length;
  return (
    <>
      <output class={errors > 0 ? "wrong" : "soft"}>
        {errors > 0 ? t("teams.errors", { count: errors }) : t("teams.noErrors")}
      </output>
      {problems.length === 0 ? null : <Problems problems={problems} />}
      {rows.length === 0 ? null : <Rows rows={rows} groups={groups} />}
    </>
  );
}

const isFault = (code: string): code is TeamListFault => Object.hasOwn(teamListFaults, code);

function Problems({ problems }: { problems: SentPreview["problems"] }) {
  return (
    <TableScroll label={t("teams.problems")}>
      <table data-rows>
        <thead>
          <tr>
            <th scope="col" class="number">
              {t("teams.line")}
            </th>
            <th scope="col">{t("teams.severity")}</th>
            <th scope="col">{t("teams.fault")}</th>
          </tr>
        </thead>
        <tbody>
          {problems.map(({ line, severity, code, column, value, message }) => (
            <tr key={`${line} ${code} ${column} ${value}`}>
              <td class="number">{line}</td>
              <td class="nowrap">
                <Icon name={severity === "error" ? "cross" : "warning"} /> {t(`teams.severity.${severity}`)}
              </td>
              <td>{isFault(code) ? t(`teamFault.${code}`, { value }) : message}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

function Rows({ rows, groups }: { rows: SentPreview["rows"]; groups: readonly GroupView[] }) {
  return (
    <TableScroll label={t("teams.preview")}>
      <table data-rows>
        <thead>
          <tr>
            <th scope="col" class="number">
              {t("teams.line")}
            </th>
            <th scope="col">{t("contest.team")}</th>
            <th scope="col">{t("teams.username")}</th>
            <th scope="col">{t("signIn.password")}</th>
            <th scope="col">{t("teams.group")}</th>
            <th scope="col">{t("teams.organisation")}</th>
            <th scope="col">{t("teams.people")}</th>
            <th scope="col">{t("teams.seat")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.line}>
              <td class="number">{row.line}</td>
              <th scope="row">{row.name}</th>
              <td>
                <code>{row.username}</code>
              </td>
              <td class="soft">{t(row.password === null ? "teams.passwordMade" : "teams.passwordGiven")}</td>
              <td>{groups.find(({ id }) => id === row.group)?.name}</td>
              <td>{row.organisation}</td>
              <td>{row.members.join(", ")}</td>
              <td>{row.seat}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
