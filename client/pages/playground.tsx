import type { ComponentChildren } from "preact";
import { useLocation } from "preact-iso";
import { useRef, useState } from "preact/hooks";
import { GuestView } from "../../protocol/guest.ts";
import { ModelOffers } from "../../protocol/market.ts";
import { request } from "../api.ts";
import { t } from "../i18n.ts";
import { type Loading, useLoaded, useTicks } from "../load.ts";
import "../locales/playground.ts";
import { credits } from "../market/amounts.ts";
import { Choice } from "../market/choice.tsx";
import { MarketPage } from "../market/frame.tsx";
import { away } from "../network.ts";
import { Failure, Waiting } from "../parts/await.tsx";
import { Notice } from "../parts/notice.tsx";
import { signInPath } from "../parts/signed-in.tsx";
import { Composer } from "../playground/composer.tsx";
import { InAProgram } from "../playground/in-a-program.tsx";
import { Parameters } from "../playground/settings.tsx";
import { ShelfList } from "../playground/shelf-list.tsx";
import { Thread } from "../playground/thread.tsx";
import { useChat } from "../playground/use-chat.ts";
import { account, sessionKnown } from "../session.ts";

const NEWS_EVERY_MS = 30_000;

/** Chat with a model of the market. Whoever is not signed in may try those for guests. */
export default function Playground() {
  const path = "/api/market/models";
  const offered = useLoaded(
    path,
    (signal) => request(ModelOffers, path, { signal }),
    useTicks(NEWS_EVERY_MS),
  );
  if (!sessionKnown.value) return <Waiting />;
  const owner = account.value?.id ?? null;
  return (
    <AsFarAsKnown loading={offered}>
      {(known) => {
        const models = (known?.models ?? [])
          .map(({ model, offers }) => ({
            model,
            offers: offers.filter(({ tasks }) => tasks.includes("chat")),
          }))
          .filter(({ offers }) => offers.length > 0);
        return owner === null ? (
          <AsGuest key="guest" models={models} />
        ) : (
          <Chat key={owner} owner={owner} models={models} guest={null} />
        );
      }}
    </AsFarAsKnown>
  );
}

type Models = ModelOffers["models"];

/** With what a guest may ask, and what is left of the allowance. */
function AsGuest({ models }: { models: Models }) {
  const path = "/api/session/guest";
  const loading = useLoaded(path, (signal) => request(GuestView, path, { signal }));
  return (
    <AsFarAsKnown loading={loading}>
      {(guest) => (
        <Chat
          owner={null}
          models={models.filter(({ model }) => guest?.models.includes(model) && guest.allowanceNano > 0)}
          guest={guest}
          spent={loading.reload}
        />
      )}
    </AsFarAsKnown>
  );
}

/**
 * Draws the page with what was last heard, also while the site is away: what is kept on this device can be read, and an answer goes
 * on. Null where nothing was heard yet.
 */
function AsFarAsKnown<T>({
  loading: { loaded, reload },
  children,
}: {
  loading: Loading<T>;
  children: (value: T | null) => ComponentChildren;
}) {
  const heard = useRef<T | null>(null);
  if (loaded.state === "ready") heard.current = loaded.value;
  if (loaded.state === "loading") return <Waiting />;
  const isRefused = loaded.state === "failed" && loaded.error.code !== "offline" && heard.current === null;
  return isRefused ? <Failure error={loaded.error} retry={reload} /> : <>{children(heard.current)}</>;
}

interface ChatProps {
  /** The account's id; null for a guest's browser. */
  owner: string | null;
  /** Those that can be asked, with their offers. */
  models: Models;
  /** Null for an account, and while it is not known. */
  guest: GuestView | null;
  /** Called when a guest may have spent something. */
  spent?: () => void;
}

function Chat({ owner, models, guest, spent }: ChatProps) {
  const { query } = useLocation();
  const names = models.map(({ model }) => model);
  const chat = useChat({ owner, model: query["model"] ?? names[0] ?? "", spent });
  const { conversation, writing, busy } = chat;
  const { settings } = conversation;
  const isEmpty = conversation.turns.length === 0;
  // A conversation that nobody has begun is with what is offered.
  const model = isEmpty && !names.includes(settings.model) ? (names[0] ?? "") : settings.model;
  const providers = models.find((each) => each.model === model)?.offers.map(({ provider }) => provider) ?? [];
  const [announced, setAnnounced] = useState("");
  const say = (asking: Promise<string | null>): void => {
    setAnnounced(t("playground.answering"));
    void asking.then((text) => setAnnounced(text === null ? "" : t("playground.answered", { text })));
  };
  return (
    <MarketPage
      title={t("playground.title")}
      actions={
        <button type="button" onClick={chat.begin}>
          {t("playground.new")}
        </button>
      }
    >
      <p>{t("market.readable")}</p>
      {guest === null ? null : <GuestNotice guest={guest} />}
      {away.value ? <Notice kind="warning">{t("playground.away")}</Notice> : null}
      {chat.conversations.kept ? null : <Notice kind="warning">{t("playground.notKept")}</Notice>}
      {names.length === 0 && !away.value && guest?.allowanceNano !== 0 ? (
        <div class="empty">
          <p>{t(owner === null ? "playground.noneForGuests" : "market.none")}</p>
        </div>
      ) : null}
      <ShelfList
        conversations={chat.conversations}
        open={conversation.id}
        writing={writing?.conversation ?? null}
        choose={chat.choose}
      />
      <div class="filters">
        <Choice
          label={t("market.model")}
          value={model}
          options={names.includes(model) ? names : [model, ...names]}
          choose={(chosen) => chat.change({ ...settings, model: chosen, provider: null })}
        />
        <Choice
          label={t("market.provider")}
          value={settings.provider ?? ""}
          options={[...new Set(["", settings.provider ?? "", ...providers])]}
          choose={(chosen) => chat.change({ ...settings, model, provider: chosen === "" ? null : chosen })}
          name={(id) => (id === "" ? t("playground.anyProvider") : id)}
        />
      </div>
      <Parameters
        key={conversation.id}
        settings={{ ...settings, model }}
        disabled={busy}
        change={chat.change}
      />
      <InAProgram conversation={{ ...conversation, settings: { ...settings, model } }} />
      {isEmpty ? <p class="soft">{t("playground.empty")}</p> : null}
      <Thread
        key={conversation.id}
        conversation={conversation}
        writing={writing?.conversation === conversation.id ? writing : null}
        isGuest={owner === null}
        busy={busy}
        edit={(place, text) => say(chat.edit(place, text))}
        again={() => say(chat.again())}
      />
      <output class="sr-only">{announced}</output>
      <Composer
        writing={busy}
        disabled={model === "" || away.value || chat.conversations.all === null}
        send={(text) => say(chat.send(text, { ...settings, model }))}
        stop={chat.stop}
      />
    </MarketPage>
  );
}

function GuestNotice({ guest: { allowanceNano, balanceNano } }: { guest: GuestView }) {
  return (
    <Notice kind="info">
      {allowanceNano === 0
        ? t("playground.noGuests")
        : t("playground.asGuest", { left: credits(balanceNano ?? allowanceNano) })}{" "}
      <a href="/sign-up">{t("playground.signUp")}</a> ·{" "}
      <a href={signInPath("/market/playground")}>{t("signIn.title")}</a>
    </Notice>
  );
}
