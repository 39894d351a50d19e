import type { ObservedRun } from './symptom';
import { mean } from './trend';

/** The mean length of sampled answers in characters, before training and after; null without samples. */
export function answerLengths(
  samples: readonly { readonly before: string; readonly after: string }[],
): ObservedRun['answers'] {
  if (samples.length === 0) return null;
  const lengthOf = (side: 'before' | 'after'): number => mean(samples.map((sample) => sample[side].length));
  return { before: lengthOf('before'), after: lengthOf('after') };
}
