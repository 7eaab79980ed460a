import { seededRandom } from "../../rules/seeded-random.ts";
import { conversation } from "./corpus.ts";
import { learnVocabulary, type Vocabulary } from "./vocabulary.ts";

/** The pieces that the corpus is best written in: the same for every training, so that models can be compared. */
export function corpusVocabulary(size: number): Vocabulary {
  const random = seededRandom(0);
  const conversations = Array.from({ length: 3000 }, () => conversation(random));
  const texts = conversations.flatMap((turns) => turns.map(({ role, content }) => `${role}\n${content}`));
  return learnVocabulary(texts, size);
}
