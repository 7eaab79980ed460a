import type { PartOutcome } from "../../protocol/market.ts";
import { t } from "../i18n.ts";

/** How one provider's part of a job ended; null while it goes on. */
export function Outcome({ outcome }: { outcome: PartOutcome | null }) {
  const blameless = outcome === null || ["finished", "cut", "cancelled"].includes(outcome);
  return (
    <span class={blameless ? "hint" : "wrong"}>
      {outcome === null ? t("partOutcome.open") : t(`partOutcome.${outcome}`)}
    </span>
  );
}
