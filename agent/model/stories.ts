import { pick, type Random } from "./random.ts";

export const storyAnimals = ["cat", "dog", "fox", "bird", "bear", "frog"] as const;

const heroes = ["Tom", "Lily", "Max", "Anna", "Ben", "Mia"] as const;
const places = ["park", "forest", "house", "river", "garden", "hill"] as const;
const things = ["ball", "hat", "apple", "book", "key", "cake"] as const;
const moods = ["happy", "sad", "brave", "tired", "hungry", "kind"] as const;

/** Words for repeating and for questions without an answer: whoever repeats them has to look, not to remember. */
export const uncommonWords = [
  "banana",
  "window",
  "purple",
  "tiger",
  "seven",
  "cloud",
  "piano",
  "rocket",
  "lemon",
  "stone",
  "yellow",
  "ocean",
  "candle",
  "mirror",
  "ladder",
  "spoon",
  "pepper",
  "castle",
  "button",
  "ticket",
  "silver",
  "island",
  "pencil",
  "dragon",
  "winter",
  "market",
  "carpet",
  "violin",
  "planet",
  "bridge",
  "basket",
  "monkey",
  "orange",
  "summer",
  "hammer",
  "needle",
] as const;

/** Five sentences with slots, so that one prompt has thousands of answers: what a seed and a temperature choose from. */
export function story(random: Random, animal: string): string {
  const hero = pick(random, heroes);
  const place = pick(random, places);
  const thing = pick(random, things);
  const mood = pick(random, moods);
  const feeling = pick(random, moods);
  return [
    `Once upon a time there was a ${mood} ${animal} named ${hero}.`,
    pick(random, [
      `One day ${hero} went to the ${place}.`,
      `${hero} liked to play in the ${place}.`,
      `Every day ${hero} walked to the ${place}.`,
    ]),
    pick(random, [
      `There ${hero} found a ${thing}.`,
      `${hero} saw a big ${thing} there.`,
      `${hero} lost a ${thing} near the ${place}.`,
    ]),
    pick(random, [
      `${hero} was very ${feeling}.`,
      `The ${animal} felt ${feeling}.`,
      `"I am ${feeling}!" said ${hero}.`,
    ]),
    pick(random, ["The end.", `Then ${hero} went home.`, `${hero} and the ${thing} were friends for ever.`]),
  ].join(" ");
}

/** A long answer of which every token is certain. */
export function countTo(end: number): string {
  return `${Array.from({ length: end }, (_, index) => index + 1).join(", ")}.`;
}
