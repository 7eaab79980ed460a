import { useEffect, useRef } from "preact/hooks";
import { t, type Key } from "../i18n.ts";
import { singleKeys, switchSingleKeys } from "../keys.ts";

const mod = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "") ? "⌘" : "Ctrl";

const groups: readonly {
  title: (Key & "help.anywhere") | "help.go" | "help.problem";
  keys: readonly [string[], HelpKey][];
}[] = [
  {
    title: "help.anywhere",
    keys: [
      [["?"], "help.help"],
      [["/"], "help.search"],
      [["j"], "help.next"],
      [["k"], "help.previous"],
      [["Esc"], "help.close"],
    ],
  },
  {
    title: "help.go",
    keys: [
      [["g", "h"], "nav.home"],
      [["g", "p"], "nav.problems"],
      [["g", "c"], "nav.contests"],
      [["g", "s"], "nav.submissions"],
      [["g", "m"], "help.me"],
    ],
  },
  {
    title: "help.problem",
    keys: [
      [[mod, "'"], "help.run"],
      [[mod, "Enter"], "help.submit"],
      [["Alt", "1"], "problem.statement"],
      [["Alt", "2"], "problem.code"],
      [["Alt", "3"], "problem.result"],
      [["Esc", "Tab"], "help.leaveEditor"],
    ],
  },
];
type HelpKey =
  | "help.help"
  | "help.search"
  | "help.next"
  | "help.previous"
  | "help.close"
  | "help.me"
  | "help.run"
  | "help.submit"
  | "help.leaveEditor"
  | "nav.home"
  | "nav.problems"
  | "nav.contests"
  | "nav.submissions"
  | "problem.statement"
  | "problem.code"
  | "problem.result";

/** Every key of the interface, in a native dialog: Esc closes it and the focus goes back by itself. */
export function Help({ close }: { close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="help-title">
      <header class="dialog-head">
        <h2 id="help-title">{t("help.title")}</h2>
        <button type="button" onClick={() => dialog.current?.close()}>
          {t("action.close")}
        </button>
      </header>
      <div class="help-groups">
        {groups.map((group) => (
          <section key={group.title}>
            <h3>{t(group.title)}</h3>
            <dl>
              {group.keys.map(([keys, what]) => (
                <div key={what}>
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{t(what)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p>
        <a href="/offline" onClick={() => dialog.current?.close()}>
          {t("offline.title")}
        </a>
      </p>
      <label class="switch">
        <input
          type="checkbox"
          checked={singleKeys.value}
          onChange={(event) => switchSingleKeys(event.currentTarget.checked)}
        />
        {t("account.singleKeys")}
      </label>
    </dialog>
  );
}
