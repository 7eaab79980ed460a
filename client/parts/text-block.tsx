import { bytes } from "../format.ts";
import { t } from "../i18n.ts";

interface Props {
  title: string;
  text: string;
  /** Bytes of the whole, where `text` may be only its start. */
  size?: number;
}

/** A text of a test: its title, its size where that is known, and whether there is more of it than is shown. */
export function TextBlock({ title, text, size }: Props) {
  const shown = new TextEncoder().encode(text).length;
  return (
    <section class="text-block">
      <h3>
        {title}
        {size === undefined ? null : <span class="soft"> {bytes(size)}</span>}
      </h3>
      {text === "" ? <p class="soft">{t("text.empty")}</p> : <pre class="block">{text}</pre>}
      {size !== undefined && size > shown ? (
        <p class="hint">{t("text.cut", { size: bytes(size - shown) })}</p>
      ) : null}
    </section>
  );
}
