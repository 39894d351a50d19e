import type { PairVerdict } from './suspectBook';

/** What a verdict says of a label, in a few words. */
export function verdictWords({ verdict, probability }: Pick<PairVerdict, 'verdict' | 'probability'>): string {
  const chance = `probability of being flipped ${probability.toFixed(2)}`;
  switch (verdict) {
    case 'flipped':
      return `probably flipped (${chance})`;
    case 'tie':
      return `probably a tie (${chance})`;
    case 'clean':
      return `probably right (${chance})`;
  }
}

/** Reasons as sentences. */
export function reasonSentences(reasons: readonly string[]): readonly string[] {
  return reasons.map((reason) => `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`);
}
