import { keyNumber } from '../keyNumber';
import type { RowIdentity } from '../rowRewards';
import type { Suspect } from './findSuspects';
import { flippedFrom, type Verdict } from './verdict';

/** What a search says of the label that a pair has now. */
export interface PairVerdict {
  readonly verdict: Verdict;
  /** That the answers are the wrong way round. */
  readonly probability: number;
  /** The mean over measurements, in typical margins. */
  readonly margin: number;
  readonly spread: number;
  /** [measurements] */
  readonly margins: readonly (number | null)[];
  readonly reasons: readonly string[];
  /** Whether the answers were exchanged since the search. Then all numbers are those of the label as it is now. */
  readonly exchanged: boolean;
}

type Kept = Omit<PairVerdict, 'exchanged'>;

const none: readonly never[] = [];

/** The suspects of a search by the keys of their pairs, so they are found where rows move, and after a swap. */
export class SuspectBook {
  private readonly byKey = new Map<number, Kept>();

  get size(): number {
    return this.byKey.size;
  }

  add({ key, verdict, probability, margin, spread, margins, reasons }: Suspect): void {
    // Most of a million rows are clean, and nobody asks for the measurements of these.
    const isClean = verdict === 'clean';
    this.byKey.set(keyNumber(key), {
      verdict,
      probability,
      margin,
      spread,
      margins: isClean ? none : margins,
      reasons: isClean ? none : reasons,
    });
  }

  /** What the search says of each pair of a row. Judged answers, and pairs that were not scored, have no verdict. */
  of(identity: RowIdentity): readonly PairVerdict[] {
    if ('keys' in identity) return identity.keys.flatMap((key) => this.own(key) ?? []);
    if (identity.judgedGood !== null) return none;
    const found = this.own(identity.key) ?? this.swapped(identity.exchanged);
    return found === null ? none : [found];
  }

  private own(key: number): PairVerdict | null {
    const kept = this.byKey.get(key);
    return kept === undefined ? null : { ...kept, exchanged: false };
  }

  /** The verdict on a pair whose answers were exchanged since: the label is wrong now if it was right then. */
  private swapped(key: number): PairVerdict | null {
    const kept = this.byKey.get(key);
    if (kept === undefined) return null;
    const { verdict, margin, margins, spread } = kept;
    const probability = 1 - kept.probability;
    return {
      verdict: verdict === 'tie' ? 'tie' : probability >= flippedFrom ? 'flipped' : 'clean',
      probability,
      margin: -margin,
      spread,
      margins: margins.map((one) => one && -one),
      reasons: [swappedReason(kept)],
      exchanged: true,
    };
  }
}

/** The pair of a row that is most probably flipped; null for a row without a verdict. */
export function worstOf(verdicts: readonly PairVerdict[]): PairVerdict | null {
  return verdicts.reduce<PairVerdict | null>(
    (worst, one) => (worst === null || one.probability > worst.probability ? one : worst),
    null,
  );
}

/** The texts of the field `suspected`: the verdicts on the pairs of a row, each once. */
export function verdictsOf(verdicts: readonly PairVerdict[]): readonly Verdict[] {
  return [...new Set(verdicts.map(({ verdict }) => verdict))];
}

function swappedReason({ verdict, probability }: Kept): string {
  const before = `${verdict}, with probability ${probability.toFixed(2)} of being flipped`;
  return `the answers were exchanged since the search, which said before: ${before}`;
}
