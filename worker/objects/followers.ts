import type { LiveAccountMessage } from "../../protocol/submission.ts";
import { accountFeed, type Env } from "../env.ts";
import { audiencesOf } from "../submission-rows.ts";
import { places } from "./waiting.ts";

/** How many are told their place at once, nearest first; the next time the next ones. */
const PLACES_AT_ONCE = 50;

/** A place this near is told whenever it changes; further back only a change by a tenth. */
const NEAR = 10;

/** Counting places reads all that waits, so it is done at most this often, however quickly the queue moves. */
const PLACES_EVERY_MS = 1000;

/** Tells accounts what becomes of their work, at their live feeds and in the order in which it happened. */
export class Followers {
  readonly #env: Env;
  readonly #waitUntil: (work: Promise<void>) => void;
  #telling: Promise<void> = Promise.resolve();
  /** The last place told for each queued submission; after a sleep everybody is told once more. */
  #told = new Map<string, number>();
  #placesDue = false;
  #placesAt = 0;

  constructor(env: Env, waitUntil: (work: Promise<void>) => void) {
    this.#env = env;
    this.#waitUntil = waitUntil;
  }

  /** What is sent is read only when its turn has come: a page must never hear "judging" after the verdict. */
  tell(audience: readonly string[], message: () => Promise<LiveAccountMessage>): void {
    if (audience.length > 0) this.#next(async () => this.#push(audience, await message()));
  }

  /** Tells the authors of what waits how many are before them, where that has changed enough. */
  tellPlaces(): void {
    if (this.#placesDue) return;
    this.#placesDue = true;
    const since = Math.max(0, Date.now() - this.#placesAt);
    const wait = Math.max(0, PLACES_EVERY_MS - since);
    this.#waitUntil(scheduler.wait(wait).then(() => this.#tellPlacesNow()));
  }

  #tellPlacesNow(): void {
    this.#placesDue = false;
    this.#placesAt = Date.now();
    this.#next(async () => {
      const now = await places(this.#env);
      const news = [...now].filter(([id, ahead]) => isNews(this.#told.get(id), ahead));
      const first = news.slice(0, PLACES_AT_ONCE);
      const audiences = await audiencesOf(
        this.#env,
        first.map(([id]) => id),
      );
      for (const [submission, ahead] of first) {
        const audience = audiences.get(submission) ?? [];
        await this.#push(audience, { type: "ahead", submission, ahead });
      }
      const known = [...this.#told].filter(([id]) => now.has(id));
      this.#told = new Map([...known, ...first]);
    });
  }

  /** A lost message costs a moment: pages read the truth when they connect again. */
  #next(tell: () => Promise<void>): void {
    this.#telling = this.#telling.then(tell).catch(() => undefined);
    this.#waitUntil(this.#telling);
  }

  async #push(audience: readonly string[], message: LiveAccountMessage): Promise<void> {
    await Promise.all(audience.map((user) => accountFeed(this.#env, user).push(message)));
  }
}

function isNews(told: number | undefined, ahead: number): boolean {
  if (told === undefined) return true;
  return ahead < NEAR ? ahead !== told : Math.abs(told - ahead) >= told / 10;
}
