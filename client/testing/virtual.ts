import type { OwnRun, OwnSubmission, VirtualView } from "../../protocol/virtual.ts";
import { recordingOf } from "./fixtures/virtual.ts";
import { MINUTE } from "./fixtures/time.ts";

/** The reader's virtual run, whatever the contest; tests put one here. */
export interface VirtualState {
  run: OwnRun | null;
  submissions: readonly OwnSubmission[];
}

type Given = { status: number; body: unknown };

/** A run of five hours that began so many minutes ago. */
export function runSince(minutes: number): OwnRun {
  const beganAt = Date.now() - minutes * MINUTE;
  return { id: `run-${minutes}`, beganAt, endAt: beganAt + 300 * MINUTE };
}

/** The answers to those who go through a contest again, by `METHOD path`. */
export function virtualRoutes(state: VirtualState): readonly (readonly [RegExp, (slug: string) => Given])[] {
  const view = (): Given => ({
    status: 200,
    body: { run: state.run, submissions: [...state.submissions], now: Date.now() } satisfies VirtualView,
  });
  return [
    [/^GET \/api\/contests\/([\w-]+)\/recording$/, (slug) => ({ status: 200, body: recordingOf(slug) })],
    [/^GET \/api\/contests\/([\w-]+)\/virtual$/, view],
    [
      /^POST \/api\/contests\/([\w-]+)\/virtual$/,
      () => {
        state.run = runSince(0);
        return view();
      },
    ],
    [
      /^DELETE \/api\/contests\/([\w-]+)\/virtual$/,
      () => {
        if (state.run !== null) state.run = { ...state.run, endAt: Date.now() };
        return view();
      },
    ],
  ];
}
