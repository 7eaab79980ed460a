import { useEffect, useState } from "preact/hooks";
import { languages } from "../../protocol/language.ts";
import { browserLanguages } from "../../wasm-runtimes/host.ts";
import {
  deleteEverything,
  deleteLanguage,
  keptOnThisMachine,
  type KeptLanguage,
  type KeptOnThisMachine,
} from "../../wasm-runtimes/storage.ts";
import { ApiError } from "../api.ts";
import { bytes } from "../format.ts";
import { t } from "../i18n.ts";
import { forgetPaths, keptPaths, lookAtKept } from "../kept.ts";
import { useLoaded } from "../load.ts";
import { away } from "../network.ts";
import { offlineObstacle } from "../offline.ts";
import { LoadError } from "../parts/await.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { Icon } from "../parts/icons.tsx";
import { Notice } from "../parts/notice.tsx";
import { Page } from "../parts/page.tsx";
import { PracticePack } from "../parts/practice-pack.tsx";
import { TableScroll } from "../parts/table-scroll.tsx";
import { WaitingForOthers } from "../parts/waiting-for-others.tsx";
import { WaitingSubmissions } from "../parts/waiting-submissions.tsx";
import { runtimes } from "../runtimes.ts";

/** What works here without the network, how to bring more of it here, and how to get rid of it. */
export default function Offline() {
  const kept = useLoaded("kept", () =>
    keptOnThisMachine().catch((error: unknown) => Promise.reject(new ApiError("offline", String(error)))),
  );
  const obstacle = offlineObstacle.value;
  useEffect(() => void lookAtKept(), []);
  const lookAgain = (): void => {
    void lookAtKept();
    for (const language of browserLanguages) void runtimes.look(language);
    kept.reload();
  };
  const machine = kept.loaded.state === "ready" ? kept.loaded.value : null;
  return (
    <Page title={t("offline.title")} width="text">
      <p class="lead">{t("offline.how")}</p>
      {away.value ? <Notice kind="info">{t("offline.awayLong")}</Notice> : null}
      {obstacle === null ? null : <Notice kind="warning">{t(`offline.obstacle.${obstacle}`)}</Notice>}
      <WaitingSubmissions />
      <WaitingForOthers />
      <LoadError loading={kept} />
      {machine === null ? null : (
        <>
          <Languages machine={machine} lookAgain={lookAgain} />
          {obstacle === null ? <PracticePack machine={machine} lookAgain={lookAgain} /> : null}
          <Storage machine={machine} lookAgain={lookAgain} />
        </>
      )}
    </Page>
  );
}

interface SectionProps {
  machine: KeptOnThisMachine;
  lookAgain: () => void;
}

function Languages({ machine, lookAgain }: SectionProps) {
  return (
    <section aria-labelledby="offline-languages">
      <h2 id="offline-languages">{t("offline.languages")}</h2>
      <TableScroll label={t("offline.languages")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("submission.language")}</th>
              <th scope="col" class="number">
                {t("submission.size")}
              </th>
              <th scope="col">{t("offline.state")}</th>
              <th scope="col">
                <span class="sr-only">{t("offline.actions")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {machine.languages.map((kept) => (
              <LanguageRow key={kept.language} kept={kept} lookAgain={lookAgain} />
            ))}
          </tbody>
        </table>
      </TableScroll>
    </section>
  );
}

function LanguageRow({ kept, lookAgain }: { kept: KeptLanguage; lookAgain: () => void }) {
  const { language } = kept;
  const { files, preparing, failure } = runtimes.stateOf(language).value;
  useEffect(() => void runtimes.look(language), [language]);
  const name = languages[language].name;
  const downloading = files.type === "downloading";
  const here = files.type === "ready";
  const partly = files.type === "partly";
  return (
    <tr>
      <th scope="row">{name}</th>
      <td class="number">{bytes(kept.bytes)}</td>
      <td>
        {downloading ? (
          <progress
            value={files.loaded}
            max={files.bytes}
            aria-label={t("runtime.downloadOf", { language: name })}
          />
        ) : here && preparing ? (
          t("runtime.preparing")
        ) : here ? (
          <Ready />
        ) : partly ? (
          t("runtime.partly", { loaded: bytes(files.loaded), total: bytes(files.bytes) })
        ) : (
          t("offline.notHere")
        )}
        {failure === null ? null : <p class="wrong">{failure}</p>}
      </td>
      <td class="actions">
        {downloading ? (
          <button
            type="button"
            class="small"
            aria-label={t("runtime.cancelOf", { language: name })}
            onClick={() => runtimes.cancel(language)}
          >
            {t("action.cancel")}
          </button>
        ) : here ? null : (
          <button
            type="button"
            class="small"
            aria-label={t(partly ? "runtime.resumeOf" : "runtime.getOf", { language: name })}
            onClick={() => void runtimes.download(language).then(lookAgain)}
          >
            {t(partly ? "runtime.resume" : "runtime.get")}
          </button>
        )}
        {!downloading && kept.freesBytes > 0 ? (
          <button
            type="button"
            class="small"
            aria-label={t("offline.deleteOf", { name })}
            onClick={() => void deleteLanguage(language).then(lookAgain)}
          >
            {t("offline.delete", { size: bytes(kept.freesBytes) })}
          </button>
        ) : null}
      </td>
    </tr>
  );
}

/** A word, an icon, and no promise beyond this browser. */
function Ready() {
  return (
    <span class="chip chip-ready">
      <Icon name="check" />
      {t("runtime.offline")}
    </span>
  );
}

/** A problem's kept answer by its path, e.g. `/api/problems/sum`, `/api/contests/warm-up/problems/A`. */
const problemPath = /^\/api\/(problems\/[^/?]+|contests\/[^/]+\/problems\/[^/?]+)$/;
/** What belongs to problems: they themselves, their pictures, what times are compared with. */
const ofProblems = /^\/api\/(problems\/|files\/|contests\/[^/]+\/problems\/)/;

function Storage({ machine, lookAgain }: SectionProps) {
  const [asking, ask] = useState(false);
  const problems = [...keptPaths.value].filter((path) => problemPath.test(path)).sort();
  const { estimate, persisted, programs } = machine;
  const deleteAll = async (): Promise<void> => {
    await deleteEverything();
    await forgetPaths([...keptPaths.value].filter((path) => ofProblems.test(path)));
    ask(false);
    lookAgain();
  };
  return (
    <section aria-labelledby="offline-kept">
      <h2 id="offline-kept">{t("offline.kept")}</h2>
      <p class="soft">
        {estimate === null
          ? null
          : t("offline.usage", { used: bytes(estimate.usage), quota: bytes(estimate.quota) })}{" "}
        {programs.count === 0
          ? null
          : t("offline.programs", { count: programs.count, size: bytes(programs.bytes) })}{" "}
        {t(persisted ? "offline.persisted" : "offline.notPersisted")} {t("offline.signOut")}
      </p>
      {problems.length === 0 ? (
        <p class="empty">{t("offline.noProblems")}</p>
      ) : (
        <details>
          <summary>{t("offline.keptProblems", { count: problems.length })}</summary>
          <ul class="kept-problems">
            {problems.map((path) => (
              <li key={path}>
                <a href={path.slice("/api".length)}>{path.slice("/api/".length)}</a>{" "}
                <button
                  type="button"
                  class="small"
                  aria-label={t("offline.deleteOf", { name: path.slice("/api/".length) })}
                  onClick={() => void forgetPaths([path]).then(lookAgain)}
                >
                  {t("offline.remove")}
                </button>
              </li>
            ))}
          </ul>
        </details>
      )}
      <p class="actions">
        <button type="button" onClick={() => ask(true)}>
          {t("offline.deleteAll")}
        </button>
      </p>
      {asking ? (
        <Confirm
          title={t("offline.deleteAll")}
          label={t("offline.deleteAll")}
          danger
          busy={false}
          error={null}
          act={() => void deleteAll()}
          close={() => ask(false)}
        >
          {t("offline.deleteAllLong")}
        </Confirm>
      ) : null}
    </section>
  );
}
