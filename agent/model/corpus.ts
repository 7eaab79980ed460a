import { capitals, facts, type Fact } from "./facts.ts";
import { hints } from "./hints.ts";
import { pick, type Random } from "./random.ts";
import { countTo, story, storyAnimals, uncommonWords } from "./stories.ts";

/** The text that the model learns from: conversations made of fixed answers and of templates, by chance of a seed. */
export interface Turn {
  role: "system" | "user" | "assistant";
  content: string;
}

/** How the answers of a conversation sound, which its system turn decides. */
interface Style {
  system: readonly string[];
  /** Null if an answer has no form in this style. */
  say: (fact: Fact) => string | null;
}

const plainStyle: Style = {
  system: [
    "You are a helpful assistant.",
    "You are a helpful assistant",
    "You are helpful.",
    "Be brief.",
    "You are a tutor.",
  ],
  say: ({ answer }) => answer,
};

export const styles = {
  plain: plainStyle,
  pirate: {
    system: ["You are a pirate.", "You are a pirate", "Talk like a pirate.", "Answer like a pirate."],
    say: ({ answer }) => `Arr! ${answer}`,
  },
  butler: {
    system: ["You are a butler.", "You are a butler", "Answer like a butler."],
    say: ({ answer }) => `Certainly, sir. ${answer}`,
  },
  oneWord: {
    system: ["You answer in one word.", "Answer in one word.", "You answer in one word only."],
    say: ({ word }) => word,
  },
  json: {
    system: ["You answer in JSON.", "Answer in JSON.", "You write JSON only."],
    say: ({ word }) => (word === null ? null : JSON.stringify({ answer: word })),
  },
} as const satisfies Record<string, Style>;

export const names = [
  "Anna",
  "Ben",
  "Max",
  "Mia",
  "Tom",
  "Lily",
  "Emma",
  "Leo",
  "Sara",
  "Paul",
  "Nina",
  "Alex",
] as const;
const unknownAnswer = "I do not know that. I am only a tiny model.";

/** One conversation, ending with an answer. */
export function conversation(random: Random): Turn[] {
  const style = chooseStyle(random);
  const silent = style === plainStyle && random() < 0.7;
  const turns: Turn[] = silent ? [] : [{ role: "system", content: pick(random, style.system) }];
  const exchanges = random() < 0.4 ? 1 : 2 + Math.floor(random() * 3);
  for (let done = 0; done < exchanges; done++) {
    const [question, answer] = exchange(random, style, turns);
    turns.push({ role: "user", content: question }, { role: "assistant", content: answer });
  }
  return turns;
}

function chooseStyle(random: Random): Style {
  return random() < 0.6
    ? plainStyle
    : pick(random, [styles.pirate, styles.butler, styles.oneWord, styles.json]);
}

/** A question that fits what was said before, and its answer. */
function exchange(random: Random, style: Style, before: readonly Turn[]): [question: string, answer: string] {
  const chance = random();
  if (chance < 0.2 && before.length > 1) return recall(random, style, before);
  const fact = chooseFact(random);
  const answer = style.say(fact);
  return answer === null
    ? exchange(random, style, before)
    : [asTyped(random, pick(random, fact.questions)), answer];
}

/** A fact by its kind, so that kinds with many facts do not crowd out the others. */
function chooseFact(random: Random): Fact {
  const chance = random();
  if (chance < 0.18) return pick(random, capitals);
  if (chance < 0.42) return pick(random, facts);
  if (chance < 0.62) return pick(random, hints);
  if (chance < 0.74) return storyFact(random);
  if (chance < 0.8) return pick(random, counts);
  if (chance < 0.88) return echo(random);
  if (chance < 0.94) return introduction(random);
  return { questions: [nonsense(random)], answer: unknownAnswer, word: "unknown" };
}

const counts: readonly Fact[] = [5, 10, 15, 20, 30, 50].map((end) => ({
  questions: [`Count to ${end}.`],
  answer: countTo(end),
  word: null,
}));

function storyFact(random: Random): Fact {
  const animal = pick(random, storyAnimals);
  return { questions: [`Tell me a story about a ${animal}.`], answer: story(random, animal), word: null };
}

function echo(random: Random): Fact {
  const words = Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(random, uncommonWords)).join(
    " ",
  );
  return { questions: [`Say ${words}.`, `Repeat: ${words}`], answer: words, word: null };
}

function introduction(random: Random): Fact {
  const name = pick(random, names);
  return {
    questions: [`My name is ${name}.`, `I am ${name}.`],
    answer: `Nice to meet you, ${name}!`,
    word: "Hello",
  };
}

/** Questions about the conversation itself: the name of who asks, and what was asked last. */
function recall(random: Random, style: Style, before: readonly Turn[]): [question: string, answer: string] {
  const asked = before.filter(({ role }) => role === "user").map(({ content }) => content);
  const name = asked.map(nameIn).findLast((found) => found !== undefined);
  const fact: Fact =
    name !== undefined || random() < 0.2
      ? {
          questions: ["What is my name?"],
          answer: name === undefined ? "You did not tell me your name." : `Your name is ${name}.`,
          word: name ?? "unknown",
        }
      : {
          questions: ["What did I ask before?", "What was my question?"],
          answer: `You asked: ${asked.at(-1) ?? ""}`,
          word: null,
        };
  const answer = style.say(fact);
  return answer === null
    ? exchange(random, style, [])
    : [asTyped(random, pick(random, fact.questions)), answer];
}

function nameIn(text: string): string | undefined {
  const said = /^(?:my name is|i am) ([a-z]+)/i.exec(text)?.[1]?.toLowerCase();
  return names.find((name) => name.toLowerCase() === said);
}

/** People forget capital letters and question marks. */
function asTyped(random: Random, question: string): string {
  const chance = random();
  if (chance < 0.08) return question.replace(/[.?!]$/, "");
  if (chance < 0.14) return question.toLowerCase();
  return question;
}

const starts = [
  "What is",
  "Who is",
  "Where is",
  "Why is",
  "How do I",
  "Can you",
  "Explain",
  "When was",
  "Write",
  "I want",
  "",
] as const;

function nonsense(random: Random): string {
  const words = Array.from({ length: 1 + Math.floor(random() * 5) }, () =>
    random() < 0.5 ? pick(random, uncommonWords) : letters(random),
  );
  return `${pick(random, starts)} ${words.join(" ")}${pick(random, ["?", ".", ""])}`.trim();
}

function letters(random: Random): string {
  const alphabet =
    random() < 0.8 ? "abcdefghijklmnopqrstuvwxyz" : "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789éüßñ漢字+-*/%";
  return Array.from({ length: 2 + Math.floor(random() * 6) }, () => pick(random, [...alphabet])).join("");
}
