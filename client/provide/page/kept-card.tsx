import { useEffect, useState } from "preact/hooks";
import type { TabModel } from "../../../protocol/tab-model.ts";
import { bytes } from "../../format.ts";
import { t } from "../../i18n.ts";
import { Icon } from "../../parts/icons.tsx";
import { Notice } from "../../parts/notice.tsx";
import type { KeptFile } from "../weights-store.ts";
import type { Desk } from "./desk.ts";

/** Most of it is for the Worker, which writes the files. */
const store = () => import("../weights-store.ts");

interface Props {
  desk: Desk;
  models: readonly TabModel[];
}

/** What a model has on this device. */
interface Kept {
  /** Null for what is of no model on the list any more. */
  model: TabModel | null;
  hashes: readonly string[];
  bytes: number;
}

/** Weights that are on this device, by models, each with its size and a way to be rid of it. */
export function KeptCard({ desk, models }: Props) {
  const [files, setFiles] = useState<readonly KeptFile[]>([]);
  const [isHeld, setHeld] = useState(false);
  const look = (): void =>
    void store()
      .then(({ keptFiles }) => keptFiles())
      .then(setFiles, () => setFiles([]));
  const { engine } = desk.view.value;
  // What is loaded, or no longer is, has changed what is here.
  useEffect(look, [engine.state]);
  const kept = byModels(files, models);
  if (kept.length === 0) return null;
  const used = engine.state === "loading" || engine.state === "loaded" ? desk.choice.value?.model.name : null;
  const remove = async ({ hashes }: Kept): Promise<void> => {
    setHeld(false);
    try {
      const { deleteKept } = await store();
      for (const hash of hashes) await deleteKept(hash);
    } catch {
      setHeld(true);
    }
    look();
  };
  return (
    <section class="card panel" aria-labelledby="kept">
      <h2 id="kept">{t("provide.kept")}</h2>
      <ul class="kept-weights">
        {kept.map((one) => {
          const name = one.model?.name ?? t("provide.keptOther");
          return (
            <li key={name}>
              <span>
                {name} <span class="soft">{keptText(one)}</span>
              </span>
              <button
                type="button"
                class="small danger"
                disabled={one.model !== null && one.model.name === used}
                aria-label={t("provide.deleteOf", { model: name })}
                onClick={() => void remove(one)}
              >
                <Icon name="cross" />
                {t("provide.delete")}
              </button>
            </li>
          );
        })}
      </ul>
      {isHeld ? <Notice kind="error">{t("provide.deleteHeld")}</Notice> : null}
      <Room />
    </section>
  );
}

const wholeOf = ({ files }: TabModel): number => files.reduce((sum, file) => sum + file.bytes, 0);

function keptText({ model, bytes: size }: Kept): string {
  if (model === null || size >= wholeOf(model)) return bytes(size);
  return t("provide.ofBytes", { done: bytes(size), total: bytes(wholeOf(model)) });
}

function byModels(files: readonly KeptFile[], models: readonly TabModel[]): Kept[] {
  const named = models.map((model) => {
    const own = files.filter(({ sha256 }) => model.files.some((file) => file.sha256 === sha256));
    return keptOf(model, own);
  });
  const others = files.filter(
    ({ sha256 }) => !models.some((model) => model.files.some((file) => file.sha256 === sha256)),
  );
  return [...named, keptOf(null, others)].filter(({ hashes }) => hashes.length > 0);
}

const keptOf = (model: TabModel | null, files: readonly KeptFile[]): Kept => ({
  model,
  hashes: files.map(({ sha256 }) => sha256),
  bytes: files.reduce((sum, file) => sum + file.bytes, 0),
});

/** How much more the browser would keep. */
function Room() {
  const [left, setLeft] = useState<number | null>(null);
  useEffect(() => {
    void navigator.storage
      ?.estimate()
      .then(({ quota = 0, usage = 0 }) => setLeft(quota - usage))
      .catch(() => setLeft(null));
  }, []);
  return left === null ? null : <p class="hint">{t("provide.room", { size: bytes(left) })}</p>;
}
