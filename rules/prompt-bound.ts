/**
 * How many tokens a prompt can have at most, for a market that does not run its tokenizer:
 *
 * - A byte-level tokenizer (BPE over UTF-8, as GPT, Llama 3 and Qwen have it) makes a token of one byte or more. A
 *   SentencePiece one (Llama 2, Gemma, Mistral) makes a token of one character or more, or one for each byte of a character
 *   that it does not know. So there are never more tokens than bytes of UTF-8.
 * - Some normalise the text first (NFC, NFKC), which can make it longer: up to three, and up to eleven times. So the longest
 *   of the three forms is taken.
 * - The JSON of a message has all of its texts, none of them with fewer bytes than the text itself; its indentation is what
 *   templates add that write tools and calls into the prompt as indented JSON.
 * - The chat template puts a frame around each message (the role and up to five special tokens; 57 bytes where a tokenizer
 *   does not know Llama 3's and spells them, which is the longest of the usual ones; SentencePiece adds a space to each piece),
 *   and around the whole (a beginning, a system text of its own, the head of the answer).
 *
 * English text has about four bytes a token, so the bound is some four times the truth: fit for holding money and for
 * refusing absurd claims, not for billing.
 */
const PER_MESSAGE = 64;
const PER_PROMPT = 256;
/** Templates explain how tools are to be called. */
const FOR_TOOLS = 256;

/**
 * @param messages - of a chat request, as they came
 * @param schemas - what else becomes part of the prompt as JSON: the tools, and the schema of the answer
 * @returns tokens that no tokenizer of the kinds above exceeds
 */
export function promptBound(messages: readonly object[], schemas: readonly object[] = []): number {
  let tokens = PER_PROMPT + (schemas.length > 0 ? FOR_TOOLS : 0);
  for (const message of messages) tokens += PER_MESSAGE + longestForm(written(message)) * timesIn(message);
  for (const schema of schemas) tokens += PER_MESSAGE + longestForm(written(schema));
  return tokens;
}

const written = (value: object): string => JSON.stringify(value, null, 4);

/** A call's arguments are JSON in a text, which templates may parse and write anew with more space in it: at most twice. */
function timesIn(message: object): number {
  return "tool_calls" in message ? 2 : 1;
}

/** Of a text that the model reads as it is: its beginning and its end, and the space before the first piece. */
const PER_TEXT = 8;

/** The same for a text with no frame around it. */
export const textBound = (text: string): number => PER_TEXT + longestForm(text);

const encoder = new TextEncoder();

function longestForm(text: string): number {
  const bytes = encoder.encode(text).length;
  // Normalising changes nothing in ASCII, which most requests are.
  if (bytes === text.length) return bytes;
  const normalised = ["NFC", "NFKC"].map((form) => encoder.encode(text.normalize(form)).length);
  return Math.max(bytes, ...normalised);
}
