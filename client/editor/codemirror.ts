import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  StreamLanguage,
  syntaxHighlighting,
} from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, Prec, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { LanguageId } from "../../protocol/language.ts";
import type { CompilerMessage } from "../../rules/compiler-messages.ts";

/** Grammars are loaded when a language is first chosen. */
const grammars: Record<LanguageId, () => Promise<Extension>> = {
  bash: async () => StreamLanguage.define((await import("@codemirror/legacy-modes/mode/shell")).shell),
  c: async () => (await import("@codemirror/lang-cpp")).cpp(),
  cpp: async () => (await import("@codemirror/lang-cpp")).cpp(),
  cpp17: async () => (await import("@codemirror/lang-cpp")).cpp(),
  csharp: async () => StreamLanguage.define((await import("@codemirror/legacy-modes/mode/clike")).csharp),
  go: async () => StreamLanguage.define((await import("@codemirror/legacy-modes/mode/go")).go),
  haskell: async () => StreamLanguage.define((await import("@codemirror/legacy-modes/mode/haskell")).haskell),
  java: async () => (await import("@codemirror/lang-java")).java(),
  javascript: async () => (await import("@codemirror/lang-javascript")).javascript(),
  kotlin: async () => StreamLanguage.define((await import("@codemirror/legacy-modes/mode/clike")).kotlin),
  lua: async () => StreamLanguage.define((await import("@codemirror/legacy-modes/mode/lua")).lua),
  pascal: async () => StreamLanguage.define((await import("@codemirror/legacy-modes/mode/pascal")).pascal),
  perl: async () => StreamLanguage.define((await import("@codemirror/legacy-modes/mode/perl")).perl),
  php: async () => StreamLanguage.define((await import("./php.ts")).php),
  python3: async () => (await import("@codemirror/lang-python")).python(),
  pypy3: async () => (await import("@codemirror/lang-python")).python(),
  ruby: async () => StreamLanguage.define((await import("@codemirror/legacy-modes/mode/ruby")).ruby),
  rust: async () => StreamLanguage.define((await import("@codemirror/legacy-modes/mode/rust")).rust),
  typescript: async () => (await import("@codemirror/lang-javascript")).javascript({ typescript: true }),
  answers: async () => [],
};

/** What each level of blocks adds at a line's start; four spaces where nothing is said. */
const indents: Partial<Record<LanguageId, string>> = {
  go: "\t",
  haskell: "  ",
  javascript: "  ",
  pascal: "  ",
  ruby: "  ",
  typescript: "  ",
};

/** The page's own custom properties colour the code too, so light and dark need no second theme here. */
const colours = HighlightStyle.define([
  {
    tag: [tags.keyword, tags.modifier, tags.operatorKeyword],
    color: "var(--code-keyword)",
    fontWeight: "600",
  },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--code-number)" },
  { tag: [tags.comment], color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.typeName, tags.className, tags.standard(tags.name)], color: "var(--code-type)" },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.propertyName)],
    color: "var(--code-function)",
  },
  { tag: [tags.processingInstruction, tags.meta], color: "var(--code-meta)" },
  { tag: tags.invalid, color: "var(--verdict-WA)" },
]);

const look = EditorView.theme({
  "&": {
    height: "100%",
    color: "var(--ink)",
    backgroundColor: "var(--surface)",
    fontSize: "var(--text-code)",
  },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-code)", lineHeight: "1.55" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--ink-soft)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 6px 0 10px", minWidth: "2.6em" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--code-line)" },
  ".cm-activeLineGutter": { color: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--code-selection)",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--code-line)" },
  "&.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--code-selection)",
    outline: "1px solid var(--line-strong)",
  },
  ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--ink)" },
  ".cm-tooltip": {
    backgroundColor: "var(--surface)",
    color: "var(--ink)",
    border: "1px solid var(--line-strong)",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    backgroundColor: "var(--accent)",
    color: "var(--on-accent)",
  },
});

export interface EditorOptions {
  parent: HTMLElement;
  source: string;
  language: LanguageId;
  readOnly: boolean;
  /** What screen readers call the editor. */
  label: string;
  /** The nonce under which this document allows style sheets made by script. */
  nonce: string;
  onChange: (source: string) => void;
  onRun: () => void;
  onSubmit: () => void;
}

export interface Editor {
  setLanguage(language: LanguageId): void;
  /** Replaces the whole text, e.g. by another language's draft; the history begins anew. */
  setSource(source: string): void;
  /**
   * Puts the cursor at a place, in view, and the focus into the editor; beyond the text's end it goes to its last line.
   * @param line 1 for the first line
   * @param column 1 for the first; null for the first character that is no space
   */
  goTo(line: number, column: number | null): void;
  /** Marks the lines that a compiler complains about; an empty list clears the marks. */
  setMessages(messages: readonly CompilerMessage[]): void;
  focus(): void;
  destroy(): void;
}

/** Makes a code editor inside an element. */
export function createEditor(options: EditorOptions): Editor {
  const grammar = new Compartment();
  let language = options.language;
  const stateOf = (source: string): EditorState =>
    EditorState.create({ doc: source, extensions: [grammar.of([]), ...extensions(options)] });
  const view = new EditorView({ state: stateOf(options.source), parent: options.parent });

  const applyGrammar = async (): Promise<void> => {
    const wanted = language;
    const support = await grammars[wanted]();
    const indent = indents[wanted] ?? "    ";
    if (wanted === language)
      view.dispatch({ effects: grammar.reconfigure([support, indentUnit.of(indent)]) });
  };
  void applyGrammar();

  return {
    setLanguage(next) {
      language = next;
      void applyGrammar();
    },
    setSource(source) {
      if (source === view.state.doc.toString()) return;
      view.setState(stateOf(source));
      void applyGrammar();
    },
    goTo(line, column) {
      const at = view.state.doc.line(Math.max(1, Math.min(line, view.state.doc.lines)));
      const inLine = column === null ? /^\s*/.exec(at.text)?.[0].length : column - 1;
      const anchor = Math.min(at.to, at.from + (inLine ?? 0));
      view.dispatch({
        selection: { anchor },
        effects: EditorView.scrollIntoView(anchor, { y: "center" }),
      });
      view.focus();
    },
    setMessages: (messages) => view.dispatch(setDiagnostics(view.state, diagnostics(view.state, messages))),
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}

function extensions({ label, nonce, readOnly, onChange, onRun, onSubmit }: EditorOptions): Extension[] {
  const shared = [
    EditorView.cspNonce.of(nonce),
    EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
    look,
    syntaxHighlighting(colours),
    lineNumbers(),
    drawSelection(),
    bracketMatching(),
    EditorState.tabSize.of(4),
  ];
  if (readOnly)
    return [...shared, EditorState.readOnly.of(true), keymap.of([...defaultKeymap, ...searchKeymap])];
  const act = (what: () => void) => (): boolean => {
    what();
    return true;
  };
  return [
    ...shared,
    // Before the default keys: Mod-Enter would insert a line.
    Prec.highest(
      keymap.of([
        { key: "Mod-'", run: act(onRun) },
        { key: "Mod-Enter", run: act(onSubmit) },
      ]),
    ),
    lintGutter(),
    history(),
    indentOnInput(),
    closeBrackets(),
    autocompletion(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSelectionMatches(),
    keymap.of([
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...completionKeymap,
      ...lintKeymap,
      indentWithTab,
    ]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onChange(update.state.doc.toString());
    }),
  ];
}

function diagnostics(state: EditorState, messages: readonly CompilerMessage[]): Diagnostic[] {
  return messages
    .filter(({ line }) => line >= 1 && line <= state.doc.lines)
    .map(({ line, column, severity, text }) => {
      const at = state.doc.line(line);
      const from = column === null ? at.from : Math.min(at.to, at.from + column - 1);
      return { from, to: at.to, severity, message: text };
    });
}
