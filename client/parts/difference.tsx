import { firstDifference, type DiffLine } from "../first-difference.ts";
import { t } from "../i18n.ts";

/** Expected and actual output side by side, around the line that the checker objects to. */
export function Difference({ expected, actual, line }: { expected: string; actual: string; line: number }) {
  const { lines, above, below } = firstDifference(expected, actual, line);
  return (
    <table class="difference">
      <caption>{t("diff.caption", { line })}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span class="sr-only">{t("diff.line")}</span>
          </th>
          <th scope="col">{t("diff.expected")}</th>
          <th scope="col">{t("diff.actual")}</th>
        </tr>
      </thead>
      <tbody>
        {above > 0 ? <Left count={above} /> : null}
        {lines.map((one) => (
          <tr key={one.number} class={one.differsAt === null ? undefined : "differs"}>
            <th scope="row">{one.number}</th>
            <td>
              <Side text={one.expected} line={one} />
            </td>
            <td>
              <Side text={one.actual} line={one} />
            </td>
          </tr>
        ))}
        {below > 0 ? <Left count={below} /> : null}
      </tbody>
    </table>
  );
}

function Left({ count }: { count: number }) {
  return (
    <tr class="left-out">
      <td colSpan={3}>{t("diff.leftOut", { count })}</td>
    </tr>
  );
}

function Side({ text, line: { differsAt } }: { text: string | null; line: DiffLine }) {
  if (text === null) return <span class="soft">{t("diff.nothing")}</span>;
  if (differsAt === null) return <code>{text}</code>;
  return (
    <code>
      {text.slice(0, differsAt)}
      <mark>{text.slice(differsAt) || "⏎"}</mark>
    </code>
  );
}
