import type { FoundSuspects, Noise, Suspect } from '../pairs/suspects/findSuspects';
import type { Rate } from '../pairs/suspects/flipOdds';
import { table } from './table';

/** An interval from which the rate counts as unknown. */
const wide = 0.15;
const shownRows = 40;
/** Lines that are named of those that no run scored. */
const namedLines = 5;

/** The suspects as text: the noise in a sentence, the rates of groups, and the rows by their probability. */
export function suspectsText({ rows, noise }: FoundSuspects): string {
  const suspects = rows.filter(({ verdict }) => verdict !== 'clean').sort((a, b) => b.probability - a.probability);
  const shown = suspects.slice(0, shownRows);
  return [
    noiseSentence(noise),
    ...(noise.groups.length === 0
      ? []
      : [
          '',
          table(
            ['column', 'value', 'rows', 'flipped', 'from', 'to'],
            noise.groups.map(({ column, value, rows: count, ...rate }) => [
              column,
              value,
              String(count),
              ...[rate.rate, rate.low, rate.high].map(percent),
            ]),
          ),
        ]),
    ...(shown.length === 0 ? [] : ['', table(['line', 'verdict', 'probability', 'margin', 'why'], shown.map(cells))]),
    ...(suspects.length > shown.length
      ? ['', `… and ${suspects.length - shown.length} more; --json prints a line for every row.`]
      : []),
  ].join('\n');
}

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

function cells({ line, verdict, probability, margin, reasons }: Suspect): string[] {
  return [String(line), verdict, probability.toFixed(2), margin.toFixed(2), reasons.join('; ')];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
