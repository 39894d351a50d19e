import type { Noise } from './findSuspects';
import type { Rate } from './flipOdds';

/** An interval from which the rate counts as unknown. */
const wide = 0.15;
/** Lines that are named of those that no run scored. */
const namedLines = 5;

/** `About 9 % of 1,094 labels are flipped (7 to 12 %): 98 suspected, and 12 ties.` */
export function noiseSentence({ rows, flipped, ties, ...rate }: Noise): string {
  const told = `About ${percent(rate.rate)} of ${rows.toLocaleString('en')} labels are flipped (${percent(rate.low)} to ${percent(rate.high)}): ${flipped} suspected, and ${ties} ${ties === 1 ? 'tie' : 'ties'}.`;
  return isUnknown(rate)
    ? `${told} The margins hardly tell right labels from wrong ones, so the rate is a guess: train longer, with another seed, or a larger model.`
    : told;
}

/**
 * What has no verdict, a sentence each.
 *
 * @param unscored lines of pairs that no run scored
 * @param others the number of rows without two answers
 */
export function leftOutSentences(unscored: readonly number[], others: number): string[] {
  const [first, more] = [unscored.slice(0, namedLines).join(', '), unscored.length - namedLines];
  const lines = `${first}${more > 0 ? ` and ${more} more` : ''}`;
  const scored =
    unscored.length === 1
      ? [`1 pair has no verdict, because no run scored it: line ${lines}.`]
      : [`${unscored.length} pairs have no verdict, because no run scored them: lines ${lines}.`];
  const held =
    others === 1
      ? ['1 row has no verdict, because it does not hold two answers.']
      : [`${others} rows have no verdict, because they do not hold two answers.`];
  return [...(unscored.length > 0 ? scored : []), ...(others > 0 ? held : [])];
}

/** Whether the interval is too wide for the rate to mean much. */
export function isUnknown({ low, high }: Rate): boolean {
  return high - low > wide;
}

/** @example percent(0.094) → '9.4 %' */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
