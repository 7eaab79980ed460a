import { milliseconds } from "../format.ts";
import { t } from "../i18n.ts";
import { credits, speed } from "../market/amounts.ts";
import { Copy } from "../parts/copy.tsx";
import { Notice } from "../parts/notice.tsx";
import type { Facts, Turn } from "./conversation.ts";
import { Markdown } from "./markdown.tsx";

type Said = Pick<Extract<Turn, { role: "assistant" }>, "text" | "thought">;

/** What a model said, and what it thought before where it tells. */
export function SaidByModel({ text, thought }: Said) {
  return (
    <>
      {thought === "" ? null : (
        <details open={text === ""}>
          <summary>{t("playground.thought")}</summary>
          <p class="as-written soft">{thought}</p>
        </details>
      )}
      {text === "" ? null : <Markdown text={text} />}
    </>
  );
}

interface Props {
  turn: Extract<Turn, { role: "assistant" }>;
  isGuest: boolean;
}

/** An answer that has ended: what was said, how it came about, and what went wrong. */
export function Answer({ turn, isGuest }: Props) {
  const { text, facts } = turn;
  return (
    <>
      <SaidByModel {...turn} />
      {text === "" && facts.end !== "failed" ? <p class="soft">{t("playground.nothingSaid")}</p> : null}
      {facts.error === null ? null : <Notice kind="error">{errorSentence(facts.error, isGuest)}</Notice>}
      <p class="hint">{factsOf(facts).join(" · ")}</p>
      {text === "" ? null : <Copy text={text} label={t("playground.copyAnswer")} />}
    </>
  );
}

const reasons = {
  stop: "playground.reason.stop",
  length: "playground.reason.length",
  tool_calls: "playground.reason.toolCalls",
  content_filter: "playground.reason.contentFilter",
} as const;

const paths = { relay: "playground.path.relay", peer: "playground.path.peer" } as const;

/** What is told under an answer, as far as it is known. */
function factsOf({
  model,
  provider,
  path,
  end,
  reason,
  costNano,
  tokens,
  tokensPerSecond,
  firstTokenMs,
}: Facts) {
  return [
    provider === null ? model : t("playground.servedBy", { model, provider }),
    provider === null ? null : t(paths[path]),
    costNano === null ? null : t("playground.cost", { amount: credits(costNano) }),
    tokens === null ? null : t("playground.tokens", { count: tokens }),
    tokensPerSecond === null ? null : speed(tokensPerSecond),
    firstTokenMs === null ? null : t("playground.firstToken", { time: milliseconds(firstTokenMs) }),
    end === "stopped" ? t("playground.stopped") : reason === null ? null : t(reasons[reason]),
  ].filter((part) => part !== null);
}

/** Codes of the API and of the page for which there is a sentence in the reader's language. */
const sentences = {
  not_signed_in: "playground.error.notSignedIn",
  not_for_guests: "playground.error.notForGuests",
  model_not_found: "playground.error.modelNotFound",
  no_matching_offer: "playground.error.noMatchingOffer",
  context_length_exceeded: "playground.error.tooLong",
  rate_limited: "playground.error.rateLimited",
  no_provider: "playground.error.noProvider",
  queue_full: "playground.error.queueFull",
  starting: "playground.error.starting",
  provider_failed: "playground.error.providerFailed",
  timed_out: "playground.error.timedOut",
  broken_off: "playground.error.brokenOff",
  offline: "error.offline",
} as const;
const isKnown = (code: string): code is keyof typeof sentences => Object.hasOwn(sentences, code);

/** What went wrong, as a sentence; the server's own where there is no other. */
export function errorSentence({ code, message }: NonNullable<Facts["error"]>, isGuest: boolean) {
  if (code === "insufficient_funds" || (isGuest && code === "not_for_guests"))
    return (
      <>
        {isGuest ? t(`playground.error.guest.${code}`) : t("playground.error.insufficientFunds")}{" "}
        {isGuest ? <a href="/sign-up">{t("playground.signUp")}</a> : null}
      </>
    );
  return isKnown(code) ? t(sentences[code]) : t("playground.error.other", { message });
}
