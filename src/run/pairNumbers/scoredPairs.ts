import { at } from '../../base/pure/must';
import type { KeyIndex } from '../../pairs/keyIndex';
import { isPairLabel, numberOfField, type PairLabel, type PairNumber } from '../../pairs/pairNumber';
import type { Fact } from '../../pairs/query/queryFacts';
import type { RowIdentity, ScoredPair } from '../../pairs/rowRewards';
import type { ColumnNumbers } from '../rewardColumns/rewardColumns';
import type { PairTexts } from './pairTexts';
import type { StepNumbers } from './stepNumbers';

/** Numbers that change their sign when the answers are exchanged. */
const signed: ReadonlySet<PairNumber> = new Set(['margin', 'before', 'delta', 'lengthGap']);
/** The number of the other answer. */
const otherSide: Readonly<Partial<Record<PairNumber, PairNumber>>> = {
  chosen: 'rejected',
  rejected: 'chosen',
  chosenLogp: 'rejectedLogp',
  rejectedLogp: 'chosenLogp',
  chosenLogpToken: 'rejectedLogpToken',
  rejectedLogpToken: 'chosenLogpToken',
  chosenKl: 'rejectedKl',
  rejectedKl: 'chosenKl',
};

/** Where the rewards of a pair are, and whether its answers were exchanged since. */
interface Found {
  readonly place: number;
  readonly isExchanged: boolean;
}

/**
 * The rewards of a file, by the keys of rows: in typed arrays, with one index. What is asked of rows must have been
 * {@link prepare}d.
 */
export class ScoredPairs {
  private readonly numbers = new Map<PairNumber, Float64Array>();
  private readonly texts = new Map<PairLabel, PairTexts | null>();

  private constructor(
    private readonly step: StepNumbers,
    private readonly index: KeyIndex,
    private readonly tokens: Readonly<Record<'chosen' | 'rejected', ColumnNumbers>>,
    private readonly isComparedWithStart: boolean,
  ) {}

  static async of(step: StepNumbers): Promise<ScoredPairs> {
    const { shown, before } = step;
    const tokens = { chosen: await shown.column('chosen.tokens'), rejected: await shown.column('rejected.tokens') };
    const pairs = new ScoredPairs(step, await step.index(), tokens, before === 'zero');
    await pairs.prepare(['margin', 'chosen', 'rejected', 'before'], []);
    return pairs;
  }

  /** Computes numbers and texts that will be asked of rows. */
  async prepare(numbers: readonly PairNumber[], texts: readonly PairLabel[]): Promise<void> {
    for (const name of numbers) this.numbers.set(name, await this.step.numbers(name));
    for (const label of texts) this.texts.set(label, await this.step.texts(label));
  }

  /** {@link prepare}s what a query asks for, also of pairs whose answers were exchanged. */
  async prepareFor(facts: readonly Fact[]): Promise<void> {
    const numbers = facts.flatMap(({ field, side }) => {
      const name = numberOfField(field, side);
      // The editor and the command line find verdicts of a search by themselves.
      return name === null || name === 'suspect' ? [] : [name, otherSide[name] ?? name];
    });
    await this.prepare(
      numbers,
      facts.flatMap(({ field }) => (isPairLabel(field) ? [field] : [])),
    );
  }

  /** The largest absolute value among margins and rewards. */
  get widest(): number {
    const widestOf = (values: Float64Array): number =>
      values.reduce((widest, value) => Math.max(widest, Math.abs(value)), 0);
    return Math.max(...(['margin', 'chosen', 'rejected'] as const).map((name) => widestOf(this.of(name))));
  }

  get size(): number {
    return this.step.count;
  }

  /** The rewards of a pair by its `keyNumber`. */
  get(key: number): ScoredPair | undefined {
    const place = this.index.find(key);
    if (place === null) return undefined;
    const side = (name: 'chosen' | 'rejected'): ScoredPair['chosen'] => ({
      reward: at(this.of(name), place),
      tokens: at(this.tokens[name], place),
    });
    // At the start all margins are 0, which tells nothing.
    const before = this.isComparedWithStart ? null : known(at(this.of('before'), place));
    return { chosen: side('chosen'), rejected: side('rejected'), margin: at(this.of('margin'), place), before };
  }

  /** A number of a row: of a list that of its pair with the lowest margin. Null if it has none. */
  numberOf(identity: RowIdentity, name: PairNumber): number | null {
    const margins = this.of('margin');
    let lowest: Found | null = null;
    for (const found of this.find(identity))
      if (lowest === null || at(margins, found.place) < at(margins, lowest.place)) lowest = found;
    return lowest && this.numberAt(lowest, name);
  }

  /** The texts of a row: of a list those of all its pairs. */
  textsOf(identity: RowIdentity, label: PairLabel): readonly string[] {
    const texts = this.texts.get(label);
    if (texts === undefined) throw new Error(`The texts of ${label} are not prepared`);
    if (texts === null) return [];
    // Exchanged answers change the sign of both margins, so a flip stays one. The group is that of other answers.
    const found = this.find(identity).filter(({ isExchanged }) => !isExchanged || label === 'flipped');
    if (found.length === 1) return found.flatMap(({ place }) => texts.at(place));
    return [...new Set(found.flatMap(({ place }) => texts.at(place)))];
  }

  private find(identity: RowIdentity): Found[] {
    if ('keys' in identity)
      return identity.keys.flatMap((key) => {
        const place = this.index.find(key);
        return place === null ? [] : [{ place, isExchanged: false }];
      });
    const own = this.index.find(identity.key);
    if (own !== null) return [{ place: own, isExchanged: false }];
    const exchanged = this.index.find(identity.exchanged);
    return exchanged === null ? [] : [{ place: exchanged, isExchanged: true }];
  }

  private numberAt({ place, isExchanged }: Found, name: PairNumber): number | null {
    if (!isExchanged) return known(at(this.of(name), place));
    const other = otherSide[name];
    if (other !== undefined) return known(at(this.of(other), place));
    // The rank and the suspicion were those of the other order.
    if (!signed.has(name)) return name === 'line' ? known(at(this.of(name), place)) : null;
    const value = known(at(this.of(name), place));
    return value === null || value === 0 ? value : -value;
  }

  private of(name: PairNumber): Float64Array {
    const numbers = this.numbers.get(name);
    if (!numbers) throw new Error(`The numbers ${name} are not prepared`);
    return numbers;
  }
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
