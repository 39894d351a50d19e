import type { PairResult } from './readPair';
import type { ReadParts } from './rowKeys';

/** What was read from a row that holds a pair or a judged answer. */
export function partsOf(result: Extract<PairResult, { kind: 'pair' | 'judged' }>): ReadParts {
  const { id, keys } = result.format;
  if (result.kind === 'judged')
    return { format: id, keys, prompt: result.answer.prompt, answers: [result.answer.completion] };
  const { prompt, chosen, rejected } = result.pair;
  return { format: id, keys, prompt, answers: [chosen, rejected] };
}
