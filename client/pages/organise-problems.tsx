import { useState } from "preact/hooks";
import { ImportReport, Shelf, ShelfEntry, type ChangeProblem } from "../../protocol/problem.ts";
import { ApiError, asApiError, errorText, request } from "../api.ts";
import { t, pickText } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { ImportReportView } from "../parts/import-report.tsx";
import { Icon } from "../parts/icons.tsx";
import { Notice } from "../parts/notice.tsx";
import { Page } from "../parts/page.tsx";
import { SignedIn } from "../parts/signed-in.tsx";
import { TableScroll } from "../parts/table-scroll.tsx";
import { DraftTimeLimit } from "../parts/time-limit.tsx";
import { When } from "../parts/when.tsx";
import { account } from "../session.ts";

export default function OrganiseProblems() {
  return (
    <SignedIn title={t("organise.title")} only="organiser">
      {() => <Problems />}
    </SignedIn>
  );
}

/** What became of one dropped file. */
type Import =
  | { file: string; state: "sending" }
  | { file: string; state: "imported"; report: ImportReport }
  | { file: string; state: "refused"; error: ApiError };

function Problems() {
  const loading = useLoaded("shelf", (signal) => request(Shelf, "/api/organise/problems", { signal }));
  const [imports, setImports] = useState<readonly Import[]>([]);
  const settle = (done: Import): void =>
    setImports((all) => all.map((one) => (one.file === done.file && one.state === "sending" ? done : one)));

  const send = async (files: readonly File[]): Promise<void> => {
    setImports(files.map((file) => ({ file: file.name, state: "sending" })));
    // One after another: packages are large, and their reports are read one after another too.
    for (const file of files) settle(await importOne(file));
    loading.reload();
  };

  return (
    <Await loading={loading}>
      {({ problems }) => (
        <Page
          title={t("organise.title")}
          actions={
            <>
              <a href="/organise/judges">{t("judges.title")}</a>
              {account.value?.role === "administrator" ? (
                <a href="/admin/accounts">{t("nav.accounts")}</a>
              ) : null}
            </>
          }
        >
          <Drop send={(files) => void send(files)} />
          {imports.map((one) => (
            <ImportResult key={one.file} result={one} />
          ))}
          <ShelfList problems={problems} reload={loading.reload} />
        </Page>
      )}
    </Await>
  );
}

async function importOne(file: File): Promise<Import> {
  // The name of the file is what the package is called when it does not say.
  const path = `/api/problems?name=${encodeURIComponent(file.name.replace(/\.zip$/i, ""))}`;
  try {
    const body = new Blob([file], { type: "application/zip" });
    const report = await request(ImportReport, path, { method: "POST", body });
    return { file: file.name, state: "imported", report };
  } catch (thrown) {
    return { file: file.name, state: "refused", error: asApiError(thrown) };
  }
}

function Drop({ send }: { send: (files: File[]) => void }) {
  const [over, setOver] = useState(false);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a larger target for the input within
    <label
      class={over ? "drop drop-over" : "drop"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        send([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <Icon name="download" />
      <strong>{t("organise.drop")}</strong>
      <span class="soft">{t("organise.formats")}</span>
      <input
        type="file"
        accept=".zip,application/zip"
        multiple
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          // So that the same file can be chosen again once it was mended.
          event.currentTarget.value = "";
          send(files);
        }}
      />
    </label>
  );
}

function ImportResult({ result }: { result: Import }) {
  switch (result.state) {
    case "sending":
      return (
        <output class="notice">
          <Icon name="dots" /> {t("organise.sending", { file: result.file })}
        </output>
      );
    case "imported":
      return (
        <Notice kind="done">
          <strong>{t("organise.imported", { file: result.file })}</strong>
          <ImportReportView report={result.report} />
        </Notice>
      );
    case "refused":
      return (
        <Notice kind="error">
          <strong>{t("organise.refused", { file: result.file })}</strong> {errorText(result.error)}
          <ul>
            {result.error.details.map((detail) => (
              <li key={detail}>{detail}</li>
            ))}
          </ul>
        </Notice>
      );
    default:
      return result satisfies never;
  }
}

/** What a solution of the jury's in readers' hands means stands once, below the table. */
const YARDSTICK_NOTE = "yardstick-note";

function ShelfList({ problems, reload }: { problems: readonly ShelfEntry[]; reload: () => void }) {
  const [wrong, setWrong] = useState<string | null>(null);
  const change = (slug: string, action: "publish" | "withdraw"): void => {
    setWrong(null);
    request(ShelfEntry, `/api/problems/${slug}/${action}`, { method: "POST" }).then(
      reload,
      (thrown: unknown) => setWrong(errorText(asApiError(thrown))),
    );
  };
  const share = (slug: string, sharesYardstick: boolean): void => {
    setWrong(null);
    request(ShelfEntry, `/api/problems/${slug}`, {
      method: "PATCH",
      body: { sharesYardstick } satisfies ChangeProblem,
    }).then(reload, (thrown: unknown) => setWrong(errorText(asApiError(thrown))));
  };
  if (problems.length === 0) return <p class="empty">{t("organise.empty")}</p>;
  return (
    <>
      {wrong === null ? null : <Notice kind="error">{wrong}</Notice>}
      <TableScroll label={t("organise.title")}>
        <table data-rows>
          <thead>
            <tr>
              <th scope="col">{t("problems.title")}</th>
              <th scope="col">{t("organise.state")}</th>
              <th scope="col">{t("organise.report")}</th>
              <th scope="col">{t("organise.owner")}</th>
              <th scope="col">{t("organise.importedAt")}</th>
              <th scope="col">{t("organise.yardstick")}</th>
              <th scope="col">
                <span class="sr-only">{t("organise.actions")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {problems.map((entry) => (
              <ShelfRow
                key={entry.slug}
                entry={entry}
                change={(action) => change(entry.slug, action)}
                share={(shares) => share(entry.slug, shares)}
              />
            ))}
          </tbody>
        </table>
      </TableScroll>
      <p id={YARDSTICK_NOTE} class="soft">
        {t("organise.yardstickNote")}
      </p>
    </>
  );
}

function ShelfRow({
  entry,
  change,
  share,
}: {
  entry: ShelfEntry;
  change: (action: "publish" | "withdraw") => void;
  share: (sharesYardstick: boolean) => void;
}) {
  const name = pickText(entry.name);
  const warnings = entry.report.messages.length;
  return (
    <tr>
      <th scope="row">
        <a href={`/problems/${entry.slug}`}>{name}</a> <span class="soft">{entry.slug}</span>
      </th>
      <td>
        <span class={`state state-${entry.state}`}>{t(`problemState.${entry.state}`)}</span>{" "}
        {entry.state === "draft" ? <DraftTimeLimit slug={entry.slug} /> : null}
      </td>
      <td>
        <details>
          <summary>{warnings === 0 ? t("report.clean") : t("report.warnings", { count: warnings })}</summary>
          <ImportReportView report={entry.report} />
        </details>
      </td>
      <td>{entry.owner}</td>
      <td class="nowrap">
        <When at={entry.importedAt} />
      </td>
      <td>
        <input
          type="checkbox"
          aria-label={t("organise.yardstickOf", { name })}
          aria-describedby={YARDSTICK_NOTE}
          checked={entry.sharesYardstick}
          onChange={(event) => share(event.currentTarget.checked)}
        />
      </td>
      <td>
        {entry.state === "published" ? (
          <button
            type="button"
            class="small"
            aria-label={t("organise.withdrawOf", { name })}
            onClick={() => change("withdraw")}
          >
            {t("organise.withdraw")}
          </button>
        ) : (
          <button
            type="button"
            class="small"
            aria-label={t("organise.publishOf", { name })}
            onClick={() => change("publish")}
          >
            {t("organise.publish")}
          </button>
        )}
      </td>
    </tr>
  );
}
