import { useEffect, useRef, useState } from "preact/hooks";
import type { LanguageId } from "../../protocol/language.ts";
import type { CompilerMessage } from "../../rules/compiler-messages.ts";
import type { Editor as CodeMirrorEditor } from "../editor/codemirror.ts";
import { t } from "../i18n.ts";

interface Props {
  /** Which text is edited: the editor takes `source` over only when this changes, since what is typed is always newer. */
  document: string;
  source: string;
  language: LanguageId;
  label: string;
  readOnly?: boolean;
  messages?: readonly CompilerMessage[];
  /** Where to go; each time that another object is given. */
  target?: { line: number; column: number | null } | null;
  onChange?: (source: string) => void;
  onRun?: () => void;
  onSubmit?: () => void;
}

const nonce = (): string =>
  globalThis.document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
const none: readonly CompilerMessage[] = [];

/**
 * The code editor, loaded when a page first needs one. Should its code not arrive, a plain text field stands in, so
 * that nobody is kept from handing in a solution.
 */
export function Editor(props: Props) {
  const { document, source, language, label, readOnly = false, messages = none, target = null } = props;
  const place = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<CodeMirrorEditor | "loading" | "failed">("loading");
  // The editor lives longer than one drawing of this part, so it must always call the newest functions.
  const newest = useRef(props);
  newest.current = props;

  useEffect(() => {
    let gone = false;
    let made: CodeMirrorEditor | null = null;
    const make = async (): Promise<void> => {
      const { createEditor } = await import("../editor/codemirror.ts");
      if (gone || !place.current) return;
      made = createEditor({
        parent: place.current,
        source: newest.current.source,
        language: newest.current.language,
        readOnly,
        label,
        nonce: nonce(),
        onChange: (text) => newest.current.onChange?.(text),
        onRun: () => newest.current.onRun?.(),
        onSubmit: () => newest.current.onSubmit?.(),
      });
      setEditor(made);
    };
    make().catch(() => setEditor("failed"));
    return () => {
      gone = true;
      made?.destroy();
    };
  }, [readOnly, label]);

  const reached = useRef<Props["target"]>(null);
  const ready = typeof editor === "object" ? editor : null;
  useEffect(() => ready?.setSource(newest.current.source), [ready, document]);
  useEffect(() => ready?.setLanguage(language), [ready, language]);
  // Another text has no marks yet, so they are set again with it.
  useEffect(() => ready?.setMessages(messages), [ready, messages, document]);
  useEffect(() => {
    if (ready === null || target === null || reached.current === target) return;
    reached.current = target;
    // After the pane has been shown: what is hidden cannot take the focus.
    const frame = requestAnimationFrame(() => ready.goTo(target.line, target.column));
    return () => cancelAnimationFrame(frame);
  }, [ready, target]);

  if (editor === "failed") {
    return (
      <textarea
        class="plain-editor"
        aria-label={label}
        readOnly={readOnly}
        value={source}
        spellcheck={false}
        onInput={(event) => props.onChange?.(event.currentTarget.value)}
      />
    );
  }
  return (
    <div class="editor" ref={place} aria-busy={editor === "loading"}>
      {editor === "loading" ? <p class="waiting">{t("problem.editorLoading")}</p> : null}
    </div>
  );
}
