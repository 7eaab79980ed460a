import { t } from "../i18n.ts";

/** A dialogue's lines: `<` to the program, `>` from it (as in the log of an interactive sample). */
interface Line {
  by: "program" | "judge";
  text: string;
}

function linesOf(text: string): Line[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => ({ by: line.startsWith(">") ? "program" : "judge", text: line.slice(1) }));
}

/** What a program and the judge said to each other, in the order in which they spoke. */
export function Dialogue({ text }: { text: string }) {
  return (
    <ol class="dialogue">
      {linesOf(text).map(({ by, text: said }, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- the lines never change
        <li key={index} class={`said-${by}`}>
          <span class="speaker">{t(`sample.${by}`)}</span>
          <code>{said}</code>
        </li>
      ))}
    </ol>
  );
}

/** The dialogue of an interactive test, for the jury. */
export function Transcript({ text }: { text: string }) {
  return (
    <section class="text-block transcript">
      <h3>{t("jury.transcript")}</h3>
      <Dialogue text={text} />
    </section>
  );
}
