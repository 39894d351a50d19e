import type { Message } from '../../pairs/pair';
import { trainBpe } from './bpe';
import { corpus } from './corpus';
import { Draw } from './draw';
import { guardText } from './guardText';
import { bpeSize, modelTextFiles } from './modelFiles';
import { plant } from './plant';
import { preferences, type Preference } from './preferences';

export const seed = 20261123;

const heldOutPairs = 100;
/** About 0.9 million tokens; pre-training sees them four times. */
const conversationCount = 27_000;

/** Flaws to plant in the training file; three of a hundred pairs are flipped. */
const flaws = { flipped: 18, exact: 4, near: 6, identical: 2 };

export interface SampleFiles {
  /** The text of every generated file, by its path in media/sample, with '/'. */
  readonly files: ReadonlyMap<string, string>;
  /** The texts for pre-training, which are not saved. */
  readonly conversations: readonly (readonly Message[])[];
}

/**
 * Everything of the sample except the trained weights, as a function of the seed. Held-out pairs have no flaws, and no
 * training pair has the same prompt.
 */
export function sampleFiles(): SampleFiles {
  const all = preferences(new Draw(seed));
  const { pairs, planted } = plant(new Draw(seed + 1), all.slice(heldOutPairs), flaws);
  const conversations = [...corpus(new Draw(seed + 2), conversationCount)];
  const model = modelTextFiles(trainBpe(wordsOf(conversations), bpeSize));
  const files = new Map([
    ['prefs.jsonl', jsonLines(pairs)],
    ['heldout.jsonl', jsonLines(all.slice(0, heldOutPairs))],
    ['guard.txt', guardText(new Draw(seed + 4))],
    ['planted.json', `${JSON.stringify(planted, null, 1)}\n`],
    ...Object.entries(model).map(([name, text]): [string, string] => [`model/${name}`, text]),
  ]);
  return { files, conversations };
}

const jsonLines = (pairs: readonly Preference[]): string => pairs.map((pair) => `${JSON.stringify(pair)}\n`).join('');

/**
 * Roles and contents, without the special tokens around them. A tokenizer splits these off first, so no merge may cross
 * them.
 */
function* wordsOf(conversations: readonly (readonly Message[])[]): Generator<string> {
  for (const turns of conversations) for (const { role, content } of turns) yield* [`${role}\n`, content];
}
