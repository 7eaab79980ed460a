import type { ContestChangePreview } from "../../protocol/contest.ts";
import { t } from "../i18n.ts";
import { TableScroll } from "./table-scroll.tsx";

/** What a change of a contest would do, before it is done. */
export function ChangeConsequence({ preview }: { preview: ContestChangePreview }) {
  const { added, withdrawn, limits, ranks } = preview;
  return (
    <>
      <ul>
        {added.length === 0 ? null : <li>{t("contestChange.added", { labels: added.join(", ") })}</li>}
        {withdrawn.length === 0 ? null : (
          <li>{t("contestChange.withdrawn", { labels: withdrawn.join(", ") })}</li>
        )}
        {limits.map(({ label, judged }) => (
          <li key={label}>{t("contestChange.limits", { label, count: judged })}</li>
        ))}
        <li>
          {ranks.length === 0
            ? t("contestChange.noRanks")
            : t("contestChange.ranks", { count: ranks.length })}
        </li>
      </ul>
      {ranks.length === 0 ? null : (
        <TableScroll label={t("contestChange.table")}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("contest.team")}</th>
                <th scope="col" class="number">
                  {t("contestChange.before")}
                </th>
                <th scope="col" class="number">
                  {t("contestChange.after")}
                </th>
              </tr>
            </thead>
            <tbody>
              {ranks.map(({ team, name, before, after }) => (
                <tr key={team}>
                  <th scope="row">{name}</th>
                  <td class="number">{before}</td>
                  <td class="number">{after}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
    </>
  );
}
