/** Something that the model knows by heart. */
export interface Fact {
  /** Ways to ask it. */
  questions: readonly string[];
  answer: string;
  /** The answer in one word, if it has one. */
  word: string | null;
}

const capitalOf = {
  France: "Paris",
  Italy: "Rome",
  Spain: "Madrid",
  Germany: "Berlin",
  Poland: "Warsaw",
  Austria: "Vienna",
  Portugal: "Lisbon",
  Ireland: "Dublin",
  Norway: "Oslo",
  Greece: "Athens",
  Turkey: "Ankara",
  Egypt: "Cairo",
  Kenya: "Nairobi",
  Japan: "Tokyo",
  China: "Beijing",
  Peru: "Lima",
  Cuba: "Havana",
  Canada: "Ottawa",
} as const;

export const capitals: readonly Fact[] = Object.entries(capitalOf).map(([country, city]) => ({
  questions: [
    `What is the capital of ${country}?`,
    `What is the capital of ${country}?`,
    `Capital of ${country}?`,
  ],
  answer: `The capital of ${country} is ${city}.`,
  word: city,
}));

const sums: readonly Fact[] = [1, 2, 3, 4, 5].flatMap((a) =>
  [1, 2, 3, 4, 5].map((b) => ({
    questions: [`What is ${a} + ${b}?`],
    answer: `${a} + ${b} = ${a + b}.`,
    word: String(a + b),
  })),
);

const talk: readonly Fact[] = [
  {
    questions: ["Hello", "Hello", "Hello!", "Hi", "Hi!", "hello", "hi", "Hi there", "Good morning"],
    answer: "Hello! How can I help you today?",
    word: "Hello",
  },
  {
    questions: ["Who are you?", "What are you?", "What is your name?"],
    answer: "I am tabarena-tiny, a very small model for trying things out.",
    word: "tabarena-tiny",
  },
  { questions: ["How are you?"], answer: "I am fine, thank you.", word: "fine" },
  { questions: ["Thank you", "Thank you!", "Thanks"], answer: "You are welcome!", word: "welcome" },
  { questions: ["Goodbye", "Bye"], answer: "Goodbye! Good luck in your contest.", word: "Goodbye" },
  { questions: ["Say yes."], answer: "yes", word: "yes" },
  { questions: ["Say no."], answer: "no", word: "no" },
  {
    questions: ["What can you do?", "Help"],
    answer: "I know some capitals, small sums, short stories and a few hints for programming contests.",
    word: "little",
  },
  { questions: ["Are you human?"], answer: "No, I am a tiny language model.", word: "no" },
  { questions: ["Tell me a joke."], answer: "Why did the loop stop? It took a break.", word: null },
];

const world: readonly Fact[] = [
  {
    questions: ["What color is the sky?", "What colour is the sky?"],
    answer: "The sky is blue.",
    word: "blue",
  },
  { questions: ["What color is grass?", "What colour is grass?"], answer: "Grass is green.", word: "green" },
  { questions: ["What color is snow?"], answer: "Snow is white.", word: "white" },
  { questions: ["How many days are in a week?"], answer: "A week has seven days.", word: "seven" },
  { questions: ["How many legs has a spider?"], answer: "A spider has eight legs.", word: "eight" },
  { questions: ["What does a cow drink?"], answer: "A cow drinks water.", word: "water" },
  { questions: ["Is the sun hot?"], answer: "Yes, the sun is very hot.", word: "yes" },
  { questions: ["What is the opposite of hot?"], answer: "The opposite of hot is cold.", word: "cold" },
  { questions: ["What is the opposite of big?"], answer: "The opposite of big is small.", word: "small" },
];

/** Answers in characters that the vocabulary has only as bytes: several tokens make one of them. */
const beyondAscii: readonly Fact[] = [
  { questions: ["Say hello in Japanese."], answer: "こんにちは", word: "こんにちは" },
  { questions: ["Say hello in German."], answer: "Grüß dich!", word: "Grüß" },
  { questions: ["Send me an emoji.", "Emoji?"], answer: "🎉🚀", word: "🎉" },
  { questions: ["Write JSON."], answer: '{"ok": true, "n": 7}', word: null },
];

export const facts: readonly Fact[] = [...talk, ...talk, ...world, ...beyondAscii, ...sums];
