import { at } from '../../base/pure/must';
import { type Evidence, evidenceOf } from './evidence';
import { FlipOdds, logit, type Rate } from './flipOdds';
import { type GroupRate, groupRates } from './groupRates';
import { histogramOf } from './histogram';
import { scoreOdds, settle } from './otherSigns';
import { reasonsFor } from './reasons';
import { flippedFrom, type Verdict } from './verdict';
import type { Contradiction, Measurement, RowSignals } from './signals';
import { sigmoid } from '../statistics/logistic';

/** What the signals say of the label of a row. */
export interface Suspect {
  readonly row: number;
  readonly line: number;
  readonly key: string;
  readonly verdict: Verdict;
  /** That the answers are the wrong way round. */
  readonly probability: number;
  /** The mean over measurements, each in units of its typical margin. */
  readonly margin: number;
  readonly reasons: readonly string[];
  /** The standard deviation over measurements, in the same units; 0 for one measurement. */
  readonly spread: number;
  /** [measurements] in the same units, with four digits; null where the pair was not scored. */
  readonly margins: readonly (number | null)[];
}

export interface Noise extends Rate {
  /** Rows that were judged, and how many of them are suspected. */
  readonly rows: number;
  readonly flipped: number;
  readonly ties: number;
  readonly groups: readonly GroupRate[];
}

export interface FoundSuspects {
  /** In the order of the signals. */
  readonly rows: readonly Suspect[];
  readonly noise: Noise;
}

/** Digits of single margins, which are only drawn. */
const marginDigits = 4;
/** The fewest rows from which the shape of their margins can be told. */
export const fewestRows = 50;
/** Margins beyond so many median ones count as these. */
const edge = 6;
/** A tie has a mean margin below this, in median ones, and runs or steps that disagree about its sign. */
const tieBelow = 0.25;

/**
 * Which labels are probably wrong, without rows that are known to be right. The rows' mean margins over runs and steps
 * give probabilities ({@link FlipOdds}); scores and contradictions change them. Confident learning (Northcutt et al.
 * 2021, arXiv:1911.00068) also ranks labels by what trained models say; here both classes are mirror images.
 *
 * @param rows at least {@link fewestRows}
 * @param columns the names of the columns of `groups`
 */
export function findSuspects(
  rows: readonly RowSignals[],
  measurements: readonly Measurement[],
  contradictions: readonly Contradiction[],
  columns: readonly string[],
): FoundSuspects {
  const names = [...new Set(measurements.map(({ run }) => run))];
  const evidence = evidenceOf(
    rows,
    measurements.map(({ run }) => names.indexOf(run)),
  );
  const typical = median(evidence.map(({ mean }) => Math.abs(mean)));
  const histogram = histogramOf(
    evidence.map(({ mean }) => mean),
    edge * Math.max(typical, Number.EPSILON),
  );
  const odds = FlipOdds.fit(histogram);
  const byBin = Array.from(histogram.centers, (x) => odds.probability(x));
  const byMargins = Array.from(histogram.binOf, (bin) => at(byBin, bin));
  const byScores = scoreOdds(rows, byMargins);
  const probabilities = byMargins.map((p, i) => (at(byScores, i) === 0 ? p : sigmoid(logit(p) + at(byScores, i))));
  settle(contradictions, probabilities, odds.rate.rate);
  const against = linesAgainst(rows, contradictions);
  const found = rows.map((row, i) => {
    const own = at(evidence, i);
    const probability = at(probabilities, i);
    const verdict = verdictOf(probability, own, typical);
    const reasons = reasonsFor(row, own, verdict, against.get(i) ?? []);
    const margins = own.scaled.map((margin) => margin && Number(margin.toPrecision(marginDigits)));
    const { mean: margin, spread } = own;
    return { row: row.row, line: row.line, key: row.key, verdict, probability, margin, reasons, spread, margins };
  });
  const count = (verdict: Verdict): number => found.filter((one) => one.verdict === verdict).length;
  const groups = groupRates(rows, columns, histogram, odds);
  return {
    rows: found,
    noise: { ...odds.rate, rows: rows.length, flipped: count('flipped'), ties: count('tie'), groups },
  };
}

function verdictOf(probability: number, { mean, below, measured, runsDisagree }: Evidence, typical: number): Verdict {
  if (probability >= flippedFrom) return 'flipped';
  const disagrees = runsDisagree || (below > 0 && below < measured);
  return disagrees && Math.abs(mean) < tieBelow * typical ? 'tie' : 'clean';
}

/** For rows of contradictions, the lines of the rows that contradict them. */
function linesAgainst(
  rows: readonly RowSignals[],
  contradictions: readonly Contradiction[],
): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>();
  for (const { better, worse } of contradictions)
    for (const [side, other] of [
      [better, worse],
      [worse, better],
    ] as const)
      for (const row of side) found.set(row, [...(found.get(row) ?? []), ...other.map((one) => at(rows, one).line)]);
  return found;
}

function median(values: readonly number[]): number {
  return at(
    values.toSorted((a, b) => a - b),
    values.length >> 1,
  );
}
