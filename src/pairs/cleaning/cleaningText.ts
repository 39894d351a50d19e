import { must } from '../../base/pure/must';
import type { CleaningGain, CleaningResult, CleaningVerdict } from './cleaningResult';
import { counted } from '../../base/pure/counted';

type Figures = Pick<CleaningResult, 'train' | 'held' | 'seeds' | 'gains'>;

const starts: Readonly<Record<CleaningVerdict, string>> = {
  pays: 'Cleaning pays',
  'does-not-pay': 'Cleaning does not pay',
  'cannot-be-told': 'It cannot be told whether cleaning pays',
};

/**
 * The verdict in a sentence, with the figures behind it.
 *
 * @param shown the held-out rows on which it rests
 * @param leastGain a smaller one is not worth the work
 * @throws MarginError `missing` if there are gains, but not both on these rows
 */
export function cleaningText(
  verdict: CleaningVerdict,
  { train, gains }: Figures,
  shown: CleaningGain['on'],
  leastGain: number,
): string {
  const start = starts[verdict];
  if (gains.length === 0) return `${start}: ${fewText(train)}`;
  const [asIs, random] = (['as-is', 'random'] as const).map((over) =>
    gains.find((one) => one.over === over && one.on === shown),
  );
  const where = shown === 'all' ? '' : ' on held-out rows that are called clean';
  const beside = `${pointsText(must(random, 'the gain over random rows'))} beside runs without as many random rows`;
  const left = `without ${train.flipped.toLocaleString('en')} suspected rows of ${train.rows.toLocaleString('en')}, held-out accuracy changes by ${pointsText(must(asIs, 'the gain over the rows as they are'))}${where}, and by ${beside}`;
  if (verdict === 'pays') return `${start}: ${left}.`;
  if (verdict === 'does-not-pay')
    return `${start}: ${left}. A gain of ${points(leastGain)} points on right labels is ruled out.`;
  return `${start}: ${left}. More held-out rows, or more seeds, would make the interval narrower.`;
}

/**
 * What must be known to trust the figures.
 *
 * @param unclear why clean held-out rows are not told apart; null if they are
 */
export function notesOf({ train, held, seeds, gains }: Figures, unclear: string | null): string[] {
  const { rate } = train.noise;
  const share = `${Math.round(100 * rate)} %`;
  const wrong =
    rate < 0.005
      ? 'Held-out labels are as they are: hardly any of them is wrong, as far as the margins tell.'
      : `Held-out labels are as they are: about ${share} of them are wrong too. A perfect model would be right on about ${Math.round(100 * (1 - rate))} % of them, and gains show at ${(1 - 2 * rate).toFixed(2)} times their size.`;
  if (gains.length === 0) return [wrong];
  return [
    wrong,
    unclear === null
      ? `Called clean are ${held.clean} of ${counted(held.rows, 'held-out row')}, by runs on the held-out rows alone, so none of the compared models chooses the rows on which it is judged. Such rows are easier than others, so only differences count there.`
      : `Accuracy on clean held-out rows is not shown: ${unclear}.`,
    'Rows that are left out keep their place in the batches, with a weight of 0. So every other row is trained on at the same steps in all runs, and the number of steps is the same.',
    ...(seeds === 1 ? ['With one seed, the intervals do not cover the chance of training.'] : []),
  ];
}

function fewText({ rows, flipped }: Figures['train']): string {
  if (flipped === 0) return `none of ${counted(rows, 'row')} is suspected.`;
  const few = `only ${flipped} of ${counted(rows, 'row')} ${flipped === 1 ? 'is' : 'are'} suspected`;
  return `${few}, which is too few to change what a model learns. Look at ${flipped === 1 ? 'it' : 'them'} in the editor.`;
}

/** `+3.4 points (1.2 to 5.6)` */
export function pointsText({ gain, low, high }: Pick<CleaningGain, 'gain' | 'low' | 'high'>): string {
  const sign = gain > 0 ? '+' : '';
  return `${sign}${points(gain)} points (${points(low)} to ${points(high)})`;
}

function points(share: number): string {
  const text = (100 * share).toFixed(1);
  return text === '-0.0' ? '0.0' : text.replace('-', '−').replace(/\.0$/, '');
}
