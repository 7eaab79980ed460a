import { Guarantee, type CheckReport, type GuaranteeState } from "../../protocol/judge-check.ts";
import type { SandboxLevel } from "../../protocol/submission.ts";
import { t } from "../i18n.ts";
import { Icon, type IconName } from "./icons.tsx";
import { When } from "./when.tsx";

type Told = CheckReport["guarantees"][number];

export const levelName = (level: SandboxLevel | null): string => t(`sandbox.${level ?? "none"}`);

export function HowToCheck() {
  return (
    <p>
      {t("judges.neverChecked")} <code>npm run judge -- doctor</code>
    </p>
  );
}

const icons: Record<GuaranteeState, IconName> = { broken: "cross", unchecked: "question", holds: "check" };
const order: readonly GuaranteeState[] = ["broken", "unchecked", "holds"];

/** One line for each guarantee, what does not hold first. What a report leaves out was not checked. */
export function Check({ check }: { check: CheckReport }) {
  const told = Guarantee.options.map(
    (id): Told => check.guarantees.find((one) => one.id === id) ?? { id, state: "unchecked", detail: "" },
  );
  return (
    <>
      <p class="soft">
        <When at={check.at} /> · {t("judges.level")}: {levelName(check.level)}
        {check.reason === "" ? "" : ` (${check.reason})`}
      </p>
      <details class="check" open={told.some(({ state }) => state !== "holds")}>
        <summary>
          {t("judges.guarantees", {
            holds: told.filter(({ state }) => state === "holds").length,
            all: told.length,
          })}
        </summary>
        <ul class="guarantees">
          {order.flatMap((state) =>
            told
              .filter((one) => one.state === state)
              .map(({ id, detail }) => (
                <li key={id} class={`guarantee-${state}`}>
                  <span class="guarantee-state">
                    <Icon name={icons[state]} />
                    {t(`guaranteeState.${state}`)}
                  </span>
                  <span>
                    <strong>{t(`guarantee.${id}`)}</strong> {t(`guaranteeMeaning.${id}`)}
                  </span>
                  <span class="soft">{detail}</span>
                </li>
              )),
          )}
        </ul>
      </details>
    </>
  );
}
