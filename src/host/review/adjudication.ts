import { must } from '../../base/pure/must';
import type { Mark } from '../../pairs/marks/mark';
import type { AdjudicationState, Opinion } from '../../protocol/review';
import type { Left } from './reviewPair';
import type { PlacedPair } from './rowsOfPairs';

/** Pairs on which annotators disagree, and what each said. */
export interface Adjudication {
  readonly pairs: readonly (PlacedPair & { readonly opinions: readonly Opinion[] })[];
  /** The name of the queue, for people. */
  readonly name: string;
}

/** Who said what of each pair of a queue. Edits of a pair keep what was said of it. */
export class Opinions {
  private readonly byKey: ReadonlyMap<string, readonly Opinion[]>;

  /** @param isFrom whether the pair `key` is the pair `other`, or was made from it by edits */
  constructor(
    { pairs }: Adjudication,
    private readonly isFrom: (key: string, other: string) => boolean,
  ) {
    this.byKey = new Map(pairs.map(({ key, opinions }) => [key, opinions]));
  }

  /** What the view may show of a pair: while a person decides blind, nothing before the decision. */
  shown(key: string, mark: Mark, left: Left, blind: boolean): AdjudicationState {
    if (blind && mark.verdict === null) return { opinions: null };
    return { opinions: this.of(key).map((opinion) => (blind ? sided(opinion, left) : opinion)) };
  }

  private of(key: string): readonly Opinion[] {
    const own = this.byKey.get(key);
    if (own) return own;
    const origin = [...this.byKey.keys()].find((other) => this.isFrom(key, other));
    return origin === undefined ? [] : must(this.byKey.get(origin), 'the opinions on the origin of the pair');
  }
}

/** A verdict in terms of the sides as they are shown, because a blind person does not know the labels. */
function sided(opinion: Opinion, left: Left): Opinion {
  const { label } = opinion;
  if (label !== 'keep' && label !== 'swap') return opinion;
  return { ...opinion, label: (label === 'keep') === (left === 'chosen') ? 'left' : 'right' };
}
