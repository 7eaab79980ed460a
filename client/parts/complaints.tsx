import type { CompilerMessage } from "../../rules/compiler-messages.ts";
import type { Workbench } from "../workbench.ts";

interface Props {
  bench: Workbench;
  messages: readonly CompilerMessage[];
  /** The whole of what was said. */
  text: string;
}

/** Lines of a text that are seen at a glance: what is longer needs a summary. */
const AT_A_GLANCE = 8;
/** The rest is mostly what follows from the first. */
const MOST = 3;

/** What a long message comes down to: its first errors, each with the way to its place in the editor. */
export function Complaints({ bench: { source, file, jump }, messages, text }: Props) {
  if (text.trim().split("\n").length <= AT_A_GLANCE) return null;
  const only = source.files.length === 1;
  const found = messages.flatMap(({ file: named, line, column, severity, text: said }) => {
    const name = only ? file.name : source.files.find((one) => one.name === named)?.name;
    return severity === "error" && name !== undefined ? [{ file: name, line, column, said }] : [];
  });
  // Of several at one place the first tells most.
  const errors = found.filter(
    (one, at) => found.findIndex(({ file: name, line }) => name === one.file && line === one.line) === at,
  );
  if (errors.length === 0) return null;
  return (
    <ul class="complaints">
      {errors.slice(0, MOST).map(({ said, ...place }, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- the lines never change
        <li key={index}>
          <button type="button" class="place" onClick={() => jump(place)}>
            {place.file}:{place.line}
          </button>{" "}
          {said}
        </li>
      ))}
    </ul>
  );
}
