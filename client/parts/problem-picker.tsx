import { useId, useState } from "preact/hooks";
import { t } from "../i18n.ts";
import { Icon } from "./icons.tsx";

interface Props {
  /** Slugs in the contest's order. */
  chosen: readonly string[];
  /** Slugs that may be added. */
  offered: readonly string[];
  names: ReadonlyMap<string, string>;
  wrong: readonly string[];
  change: (chosen: readonly string[]) => void;
}

/** The list with one entry moved a place up (-1) or down (+1); unchanged at its ends. */
export function moved<T>(list: readonly T[], index: number, step: 1 | -1): T[] {
  const next = [...list];
  const [entry] = next.splice(index, 1);
  if (entry === undefined || index + step < 0 || index + step >= list.length) return [...list];
  next.splice(index + step, 0, entry);
  return next;
}

/** The label of the nth problem: A, B, C … */
export const labelOf = (index: number): string => String.fromCodePoint(65 + index);

/** Chooses a contest's problems and their order, by buttons alone so that it works by keyboard and touch alike. */
export function ProblemPicker({ chosen, offered, names, wrong, change }: Props) {
  const id = useId();
  const rest = offered.filter((slug) => !chosen.includes(slug));
  const [next, setNext] = useState("");
  const add = rest.includes(next) ? next : (rest[0] ?? "");
  const nameOf = (slug: string): string => names.get(slug) ?? slug;
  return (
    <fieldset class="field picker" aria-describedby={wrong.length > 0 ? `${id}-wrong` : undefined}>
      <legend>{t("nav.problems")}</legend>
      {chosen.length === 0 ? <p class="empty">{t("picker.empty")}</p> : null}
      <ol>
        {chosen.map((slug, index) => (
          <li key={slug}>
            <span class="problem-label">{labelOf(index)}</span>
            <span class="picker-name">{nameOf(slug)}</span>
            <MoveButton
              direction="up"
              name={nameOf(slug)}
              off={index === 0}
              move={() => change(moved(chosen, index, -1))}
            />
            <MoveButton
              direction="down"
              name={nameOf(slug)}
              off={index === chosen.length - 1}
              move={() => change(moved(chosen, index, 1))}
            />
            <button
              type="button"
              class="quiet icon-button"
              aria-label={t("picker.remove", { name: nameOf(slug) })}
              onClick={() => change(chosen.filter((one) => one !== slug))}
            >
              <Icon name="cross" />
            </button>
          </li>
        ))}
      </ol>
      {rest.length > 0 ? (
        <div class="picker-add">
          <select
            aria-label={t("picker.choose")}
            value={add}
            onChange={(event) => setNext(event.currentTarget.value)}
          >
            {rest.map((slug) => (
              <option key={slug} value={slug}>
                {nameOf(slug)}
              </option>
            ))}
          </select>
          <button type="button" onClick={() => change([...chosen, add])}>
            <Icon name="plus" />
            {t("picker.add")}
          </button>
        </div>
      ) : (
        <p class="hint">
          {t("picker.noMore")} <a href="/organise/problems">{t("organise.import")}</a>
        </p>
      )}
      {wrong.length === 0 ? null : (
        <p class="wrong" id={`${id}-wrong`}>
          {wrong.join(" · ")}
        </p>
      )}
    </fieldset>
  );
}

interface MoveProps {
  direction: "up" | "down";
  name: string;
  off: boolean;
  move: () => void;
}

function MoveButton({ direction, name, off, move }: MoveProps) {
  return (
    <button
      type="button"
      class="quiet icon-button"
      aria-label={t(`picker.${direction}`, { name })}
      disabled={off}
      onClick={move}
    >
      <Icon name={direction} />
    </button>
  );
}
