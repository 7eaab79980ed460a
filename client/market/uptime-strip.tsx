import { t } from "../i18n.ts";
import { share } from "./amounts.ts";

const WIDTH = 4;
const HEIGHT = 14;

/** The last 24 hours, a bar for each: the fuller, the longer it was connected. What it shows is said in words, too. */
export function UptimeStrip({ hours, uptime }: { hours: readonly (number | null)[]; uptime: number }) {
  const count = (is: (part: number | null) => boolean): number => hours.filter(is).length;
  const name = t("model.strip", {
    share: share(uptime),
    whole: count((part) => part === 1),
    some: count((part) => part !== null && part > 0 && part < 1),
    none: count((part) => part === 0),
    unknown: count((part) => part === null),
  });
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a picture that is drawn here has no file for an <img>
    <svg class="strip" role="img" aria-label={name} viewBox={`0 0 ${hours.length * WIDTH} ${HEIGHT}`}>
      <title>{name}</title>
      {hours.map((part, hour) => {
        // Any of it is seen, and so is that none of it was.
        const height = part === null ? 0 : part === 0 ? 1 : Math.max(3, part * HEIGHT);
        const [x, y] = [hour * WIDTH, HEIGHT - height];
        return (
          // oxlint-disable-next-line react/no-array-index-key -- an hour is its place
          <rect key={hour} class={part === 0 ? "away" : ""} x={x} y={y} width={WIDTH - 1} height={height} />
        );
      })}
    </svg>
  );
}
