import type { ComponentChildren } from "preact";

/** The interface's own icons, drawn on a 16-pixel grid. They are decoration: a word always stands beside them. */
const paths = {
  check: <path d="m3 8.5 3.2 3.3L13 4.8" />,
  cross: <path d="m4 4 8 8m0-8-8 8" />,
  clock: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 5v3.2l2 1.6" />
    </>
  ),
  chip: (
    <>
      <rect x="4" y="4" width="8" height="8" rx="1" />
      <path d="M6.5 1.8V4m3-2.2V4m-3 8v2.2m3-2.2v2.2M1.8 6.5H4m-2.2 3H4m8-3h2.2m-2.2 3h2.2" />
    </>
  ),
  flood: <path d="M2 5h12M2 8h12M2 11h7m2.5-1.5 2.5 2.5m0-2.5-2.5 2.5" />,
  bolt: <path d="M9 1.8 3.8 9H8l-1 5.2L12.2 7H8z" />,
  braces: (
    <path d="M6 2.5c-1.6 0-1.8.7-1.8 2v1.6c0 1-.4 1.6-1.4 1.9 1 .3 1.4.9 1.4 1.9v1.6c0 1.3.2 2 1.8 2m4-11c1.6 0 1.8.7 1.8 2v1.6c0 1 .4 1.6 1.4 1.9-1 .3-1.4.9-1.4 1.9v1.6c0 1.3-.2 2-1.8 2" />
  ),
  dots: (
    <g fill="currentColor" stroke="none">
      <circle cx="3.2" cy="8" r="1.3" />
      <circle cx="8" cy="8" r="1.3" />
      <circle cx="12.8" cy="8" r="1.3" />
    </g>
  ),
  snowflake: (
    <path d="M8 1.8v12.4M2.6 4.9l10.8 6.2m0-6.2L2.6 11.1M6.2 2.8 8 4.4l1.8-1.6m-3.6 10.4L8 11.6l1.8 1.6" />
  ),
  question: <path d="M5.8 6c0-1.4 1-2.3 2.3-2.3S10.3 4.6 10.3 6c0 1.7-2.2 1.8-2.2 3.6m0 2.4v.3" />,
  play: <path d="M5 3.2v9.6L12.5 8z" fill="currentColor" />,
  stop: <rect x="4" y="4" width="8" height="8" rx="1" fill="currentColor" />,
  send: <path d="M8 13V3.5M4 7.2l4-4 4 4" />,
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.2" />
      <path d="M10.5 3.2c-.2-.5-.6-.7-1-.7H3.7c-.7 0-1.2.5-1.2 1.2v5.8c0 .4.2.8.7 1" />
    </>
  ),
  download: <path d="M8 2.5v8m-3.3-3L8 10.8l3.3-3.3M3 13.5h10" />,
  star: <path d="m8 2 1.8 3.9 4.2.5-3.1 2.9.8 4.2L8 11.4l-3.7 2.1.8-4.2L2 6.4l4.2-.5z" />,
  up: <path d="m3.5 10 4.5-4.5 4.5 4.5" />,
  down: <path d="m3.5 6 4.5 4.5L12.5 6" />,
  plus: <path d="M8 3v10M3 8h10" />,
  sun: (
    <>
      <circle cx="8" cy="8" r="2.8" />
      <path d="M8 1.5v1.6m0 9.8v1.6M1.5 8h1.6m9.8 0h1.6M3.4 3.4l1.1 1.1m7 7 1.1 1.1m0-9.2-1.1 1.1m-7 7-1.1 1.1" />
    </>
  ),
  moon: <path d="M13 9.6A5.6 5.6 0 0 1 6.4 3a5.6 5.6 0 1 0 6.6 6.6z" />,
  halves: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 2.5v11a5.5 5.5 0 0 0 0-11z" fill="currentColor" />
    </>
  ),
  home: <path d="M2.5 7.5 8 2.8l5.5 4.7M4 6.5v6.7h8V6.5" />,
  list: <path d="M5.5 4h8m-8 4h8m-8 4h8M2.6 4h.2m-.2 4h.2m-.2 4h.2" />,
  cup: (
    <path d="M4.5 2.5h7v3.7a3.5 3.5 0 0 1-7 0zM4.5 3.8H2.3c0 2.2.8 3.4 2.4 3.7m6.8-3.7h2.2c0 2.2-.8 3.4-2.4 3.7M8 9.8v2m-2.8 1.7h5.6" />
  ),
  tray: <path d="M2.5 9.5h3l1 1.7h3l1-1.7h3M2.5 9.5v3.7h11V9.5l-2-6.2h-7z" />,
  person: (
    <>
      <circle cx="8" cy="5.2" r="2.7" />
      <path d="M2.8 13.5c.5-2.8 2.5-4.2 5.2-4.2s4.7 1.4 5.2 4.2" />
    </>
  ),
  warning: <path d="M8 2.3 14.2 13H1.8zM8 6.5v3m0 1.8v.2" />,
  info: (
    <>
      <circle cx="8" cy="8" r="5.8" />
      <path d="M8 7.3v3.5m0-5.6v.2" />
    </>
  ),
  heart: (
    <path d="M8 13.2C4.6 10.6 2.3 8.4 2.3 5.9c0-3.3 4-4.3 5.7-1.5 1.7-2.8 5.7-1.8 5.7 1.5 0 2.5-2.3 4.7-5.7 7.3z" />
  ),
  arrow: <path d="M3 8h9.5M9 4.5 12.5 8 9 11.5" />,
} satisfies Record<string, ComponentChildren>;

export type IconName = keyof typeof paths;

/** One icon in the colour of the text around it. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      {paths[name]}
    </svg>
  );
}

/** A balloon in a problem's colour; the letter beside it says which problem. */
export function Balloon({ colour }: { colour: string }) {
  return (
    <svg class="balloon" viewBox="0 0 12 16" width="12" height="16" aria-hidden="true" focusable="false">
      <path
        d="M6 .8c2.8 0 4.7 2 4.7 4.7 0 2.8-2.3 5.4-4.7 5.4S1.3 8.3 1.3 5.5C1.3 2.8 3.2.8 6 .8z"
        fill={colour}
      />
      <path d="m6 10.9-1.2 1.6h2.4zm0 1.6c-1 1.1.9 1.6 0 3" class="balloon-string" />
    </svg>
  );
}
