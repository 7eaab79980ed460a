import type { ComponentType, FunctionComponent } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n.ts";
import { Notice } from "./notice.tsx";

/** A part of a page whose code comes when it is first shown, or before that when somebody says so. */
export interface Later<Props> extends FunctionComponent<Props> {
  /** Fetches the code, so that it is here when the network is not. */
  ahead: () => Promise<void>;
}

/** @param load imports the part */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): Later<Props> {
  // In an object, since a hook would take a function for a change of its state.
  let loaded: { part: ComponentType<Props> } | null = null;
  const ahead = async (): Promise<void> => {
    loaded ??= { part: await load() };
  };
  const Shown = (props: Props) => {
    const [found, setFound] = useState<typeof loaded | "failed">(loaded);
    useEffect(() => {
      if (found !== null) return;
      let gone = false;
      ahead().then(
        () => gone || setFound(loaded),
        () => gone || setFound("failed"),
      );
      return () => {
        gone = true;
      };
    }, [found]);
    if (found === "failed") {
      return (
        <Notice kind="error">
          {t("crash.missing")}{" "}
          <button type="button" class="small" onClick={() => setFound(null)}>
            {t("action.retry")}
          </button>
        </Notice>
      );
    }
    // oxlint-disable-next-line react/jsx-props-no-spreading -- it stands for the part, whatever that takes
    return found === null ? <p class="waiting" /> : <found.part {...props} />;
  };
  return Object.assign(Shown, { ahead });
}
