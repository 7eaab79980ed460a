import type { JudgeToken } from "../../protocol/judge-list.ts";
import { t } from "../i18n.ts";
import { SecretDialog } from "./secret.tsx";

/** A judge's token, with the command that starts it, to be typed where the project is checked out. */
export function JudgeTokenDialog({ made, close }: { made: JudgeToken; close: () => void }) {
  return (
    <SecretDialog
      title={t("judges.tokenOf", { name: made.name })}
      warning={t("judges.tokenOnce")}
      secret={made.token}
      copySecret={t("judges.copyToken")}
      use={t("judges.toStart")}
      command={`JUDGE_URL=${location.origin} JUDGE_TOKEN=${made.token} npm run judge`}
      copyCommand={t("judges.copyCommand")}
      close={close}
    />
  );
}
