import { useState } from "preact/hooks";
import { t } from "../i18n.ts";
import { readChoice } from "../layout.ts";
import { Choice } from "../market/choice.tsx";
import { sampleKinds, type SampleKind, sampleNames } from "../market/samples.ts";
import { Copy } from "../parts/copy.tsx";
import { writeItem } from "../storage.ts";
import { chatSampleOf } from "./chat-samples.ts";
import { type Conversation, requestOf } from "./conversation.ts";

/** The conversation as a program asks for its answer, at this site's own address. */
export function InAProgram({ conversation }: { conversation: Conversation }) {
  const [kind, setKind] = useState<SampleKind>(() => readChoice("market-sample", sampleKinds));
  const turns =
    conversation.turns.length > 0 ? conversation.turns : [{ role: "user", text: "Hello" } as const];
  // A program asks for what comes after the last question.
  const last = turns.findLastIndex(({ role }) => role === "user");
  const body = requestOf({ settings: conversation.settings, turns: turns.slice(0, last + 1) });
  const text = chatSampleOf(kind, location.origin, body);
  return (
    <details>
      <summary>{t("playground.inAProgram")}</summary>
      <p>
        {t("playground.inAProgramAbout")} <a href="/market/keys">{t("market.toKeys")}</a>
      </p>
      <Choice
        label={t("market.example")}
        value={kind}
        options={sampleKinds}
        choose={(id) => {
          setKind(id);
          writeItem("market-sample", id);
        }}
        name={(id) => sampleNames[id]}
      />
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, also by the keyboard */}
      <pre class="block sample" tabIndex={0}>
        {text}
      </pre>
      <p class="actions">
        <Copy text={text} label={t("market.copySample", { name: sampleNames[kind] })} />
      </p>
    </details>
  );
}
