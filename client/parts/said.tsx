import { t } from "../i18n.ts";
import { withPlaces } from "../places.ts";
import type { Workbench } from "../workbench.ts";

interface Props {
  bench: Workbench;
  /** What a compiler or a failing program wrote. */
  text: string;
}

/** A message in which every place in the reader's files can be followed into the editor. */
export function Said({ bench, text }: Props) {
  const { source, language, jump } = bench;
  if (language === null) return <pre class="block">{text}</pre>;
  return (
    <pre class="block">
      {withPlaces(text, source, language).map(({ text: piece, place }, index) =>
        place === null ? (
          piece
        ) : (
          <button
            key={index}
            type="button"
            class="place"
            title={t("results.goTo", { file: place.file, line: place.line })}
            onClick={() => jump(place)}
          >
            {piece}
          </button>
        ),
      )}
    </pre>
  );
}
