import { useId, useState } from "preact/hooks";
import type { JoinLink, NewLink } from "../../protocol/team.ts";
import { useAct } from "../act.ts";
import { Nothing, request } from "../api.ts";
import { t } from "../i18n.ts";
import { Copy } from "./copy.tsx";
import { TeamError } from "./team-error.tsx";

interface Props {
  /** Of the contest or the team, in the API. */
  path: string;
  link: JoinLink | null;
  reload: () => void;
}

/** The link by which people join: shown as long as it holds, revoked, or made anew. */
export function TeamLink({ path, link, reload }: Props) {
  const id = useId();
  const [places, setPlaces] = useState("");
  const act = useAct();
  const change = (method: "POST" | "DELETE", body?: NewLink): Promise<boolean> =>
    act.run(async () => {
      await request(Nothing, `${path}/join`, { method, body });
      reload();
    });
  const create = (): Promise<boolean> => change("POST", { places: places === "" ? null : Number(places) });
  const address = link === null ? "" : `${location.origin}/join/${link.code}`;
  return (
    <>
      {link === null ? null : (
        <p class="panel-head">
          <code>{address}</code>
          <Copy text={address} label={t("teams.copyLink")} />
          <span class="soft">
            {link.placesLeft === null
              ? t("teams.placesOpen")
              : t("teams.placesLeft", { count: link.placesLeft })}
          </span>
          <button
            type="button"
            class="small danger"
            disabled={act.busy}
            onClick={() => void change("DELETE")}
          >
            {t("teams.revoke")}
          </button>
        </p>
      )}
      <TeamError error={act.error} />
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <label for={id}>{t("teams.places")}</label>
        <input
          id={id}
          type="number"
          min={1}
          max={10_000}
          value={places}
          placeholder={t("teams.placesAny")}
          onInput={(event) => setPlaces(event.currentTarget.value)}
        />
        <button disabled={act.busy}>{t(link === null ? "teams.makeLink" : "teams.replaceLink")}</button>
      </form>
    </>
  );
}
