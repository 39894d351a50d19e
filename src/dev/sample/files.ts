import type { Message } from '../../pairs/pair';
import { trainBpe } from './bpe';
import { corpus } from './corpus';
import { Draw } from './draw';
import { bpeSize, modelTextFiles } from './modelFiles';
import { plant } from './plant';
import { preferences, type Preference } from './preferences';

export const seed = 20261123;

const heldOutPairs = 100;
/** About 0.9 million tokens; a full make sees them four times. */
const conversationCount = 27_000;

/** Three flips in a hundred pairs. */
const flaws = { flipped: 18, exact: 4, near: 6, identical: 2 };

export interface SampleFiles {
  /** Every text file of the sample that is made, by its path in media/sample. */
  readonly files: ReadonlyMap<string, string>;
  /** What the model is pre-trained on; kept nowhere. */
  readonly conversations: readonly (readonly Message[])[];
}

/**
 * All of the sample but the trained weights: a function of the seed. Held-out pairs are clean, and no training pair has
 * their prompts.
 */
export function sampleFiles(): SampleFiles {
  const all = preferences(new Draw(seed));
  const { pairs, planted } = plant(new Draw(seed + 1), all.slice(heldOutPairs), flaws);
  const conversations = [...corpus(new Draw(seed + 2), conversationCount)];
  const model = modelTextFiles(trainBpe(wordsOf(conversations), bpeSize));
  const files = new Map([
    ['prefs.jsonl', jsonLines(pairs)],
    ['heldout.jsonl', jsonLines(all.slice(0, heldOutPairs))],
    ['planted.json', `${JSON.stringify(planted, null, 1)}\n`],
    ...Object.entries(model).map(([name, text]): [string, string] => [`model/${name}`, text]),
  ]);
  return { files, conversations };
}

const jsonLines = (pairs: readonly Preference[]): string => pairs.map((pair) => `${JSON.stringify(pair)}\n`).join('');

/** Roles and contents by themselves: special tokens are split off before words are, so no merge crosses them. */
function* wordsOf(conversations: readonly (readonly Message[])[]): Generator<string> {
  for (const turns of conversations) for (const { role, content } of turns) yield* [`${role}\n`, content];
}
