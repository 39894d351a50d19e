import type { PairOrJudged } from './readPair';
import type { ReadParts } from './rowKeys';

/** What the format of a row read from it: the prompt, and one or two answers. */
export function partsOf(result: PairOrJudged): ReadParts {
  const { id, about = [] } = result.format;
  const keys = keysOf(result);
  if (result.kind === 'judged')
    return { format: id, keys, about, prompt: result.answer.prompt, answers: [result.answer.completion] };
  const { prompt, chosen, rejected } = result.pair;
  return { format: id, keys, about, prompt, answers: [chosen, rejected] };
}

/** The keys of a row that its format reads. */
export function keysOf({ format, value }: PairOrJudged): readonly string[] {
  return format.keysIn ? format.keysIn(value) : format.keys;
}
