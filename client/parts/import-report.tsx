import type { ImportMessage, ImportReport } from "../../protocol/problem.ts";
import { t } from "../i18n.ts";
import { Icon } from "./icons.tsx";

/** What was found in a problem package: how much of everything, and what is wrong, file by file. */
export function ImportReportView({ report }: { report: ImportReport }) {
  const { statements, samples, secret, groups, submissions } = report.counts;
  return (
    <div class="report">
      <p class="soft">
        {[
          t("report.statements", { count: statements }),
          t("report.samples", { count: samples }),
          t("report.secret", { count: secret }),
          ...(groups > 1 ? [t("report.groups", { count: groups })] : []),
          t("report.submissions", { count: submissions }),
        ].join(" · ")}
      </p>
      {report.messages.length === 0 ? null : (
        <ul>
          {report.messages.map((message) => (
            <Message key={`${message.file} ${message.message}`} message={message} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Message({ message: { severity, file, message } }: { message: ImportMessage }) {
  return (
    <li class={`report-${severity}`}>
      <Icon name={severity === "error" ? "cross" : "warning"} /> <strong>{t(`report.${severity}`)}</strong>{" "}
      {file === "" ? null : <code>{file}</code>} {message}
    </li>
  );
}
