import { must } from '../../../base/pure/must';
import { errorMessage } from '../../../base/pure/marginError';
import { identityOf } from '../../../jsonl/node/rowIdentity';
import type { Cell } from '../../../pairs/listColumns/cells';
import { factOfColumn } from '../../../pairs/listColumns/rewardColumns';
import { isPairLabel, numberOfField, type PairLabel, type PairNumber } from '../../../pairs/pairNumber';
import { parseQuery } from '../../../pairs/query/parseQuery';
import { parseSort } from '../../../pairs/query/parseSort';
import { factsOf, factsOfSort } from '../../../pairs/query/queryFacts';
import type { PairResult } from '../../../pairs/readPair';
import type { PairVerdict, SuspectBook } from '../../../pairs/suspects/suspectBook';
import type { KnownSuspects } from '../../suspects/knownSuspects';
import { marginOf, rewardsOf, type RowIdentity, type RowReward } from '../../../pairs/rowRewards';
import type { Overview, RewardChoice, View } from '../../../protocol/pairEditor';
import { joinRewards, type JoinedRewards, rewardChoices } from './rewards';

type IdentityOf = () => RowIdentity | null;

/** What a view chose: its rewards, those to compare with, and what its filter and order ask of them. */
export type RewardView = Pick<View, 'rewards' | 'before' | 'filter' | 'sort'>;

export function hasSameRewards(one: RewardView, other: RewardView): boolean {
  return one.rewards === other.rewards && one.before === other.before;
}

/** The rewards of a file without a filter: the newest. */
export const newestRewards: RewardView = { rewards: null, before: null, filter: '', sort: 'row' };

/** Where the rewards of files, and the verdicts on their labels, are found. */
export interface RewardSources {
  readonly runFolders: () => Promise<readonly string[]>;
  readonly suspects: Pick<KnownSuspects, 'of'>;
}

/** The rewards that a view shows beside its rows, and the verdicts on their labels. */
export class ViewRewards {
  private joined: JoinedRewards | null = null;
  /** Why no rewards are shown, in a sentence. */
  private notice: string | null = null;
  private choices: readonly RewardChoice[] = [];
  private suspects: SuspectBook | null = null;
  private damagedSuspects: string | null = null;

  constructor(
    private readonly file: string,
    private readonly sources: RewardSources,
  ) {}

  /** The parts of the overview about rewards. */
  get overview(): Pick<Overview, 'notice' | 'rewards' | 'before' | 'rewardChoices' | 'widest'> {
    const { joined, choices } = this;
    return {
      notice: this.notice ?? this.damagedSuspects,
      rewards: joined?.choice ?? null,
      before: joined?.before ?? null,
      rewardChoices: choices,
      widest: joined ? joined.widest : 0,
    };
  }

  get areLoaded(): boolean {
    return this.joined !== null || this.suspects !== null;
  }

  /** What a search for wrong labels says of the pairs of a row; nothing if there was none. */
  verdictsOf(identity: IdentityOf): readonly PairVerdict[] {
    const found = this.suspects && identity();
    return found && this.suspects ? this.suspects.of(found) : [];
  }

  /** The rewards of each pair of a row; none if no rewards are loaded. */
  readonly ofRow = (result: PairResult): readonly (RowReward | null)[] => this.of(() => identityOf(result));

  readonly verdictsOn = (result: PairResult): readonly PairVerdict[] => this.verdictsOf(() => identityOf(result));

  /** The margin of a row, if it has one. */
  marginOf(identity: IdentityOf): number | null {
    return marginOf(this.of(identity));
  }

  /** The reward of an answer of a row, of a list that of its first pair; null if it has none. */
  rewardOf(identity: IdentityOf, side: 'chosen' | 'rejected'): number | null {
    return this.of(identity)[0]?.[side]?.reward ?? null;
  }

  /** Another number of a row, see {@link prepare}; null if it has none. */
  numberOf(identity: IdentityOf, name: PairNumber): number | null {
    const pairs = this.joined?.pairs;
    const found = pairs && identity();
    return found ? (pairs?.numberOf(found, name) ?? null) : null;
  }

  /** The texts of a row, see {@link prepare}. */
  textsOf(identity: IdentityOf, label: PairLabel): readonly string[] {
    const pairs = this.joined?.pairs;
    const found = pairs && identity();
    return found ? (pairs?.textsOf(found, label) ?? []) : [];
  }

  /** What a prepared column shows of a row. */
  cellOf(identity: IdentityOf, id: string): Cell {
    const { field, side } = must(factOfColumn(id), `the fact of ${id}`);
    if (isPairLabel(field)) return this.textsOf(identity, field).join(', ') || null;
    return this.numberOf(identity, must(numberOfField(field, side), `the number of ${id}`));
  }

  /** Reads the rewards of a choice; the newest if there is no such choice. */
  async load(view: RewardView): Promise<void> {
    await this.loadSuspects();
    try {
      this.choices = await rewardChoices(this.file, await this.sources.runFolders());
      const choice = this.choices.find((one) => one.id === view.rewards) ?? this.choices[0];
      const before = this.choices.find((one) => one.id === view.before && one.id !== choice?.id) ?? null;
      this.joined = choice ? await joinRewards(choice, before) : null;
      this.notice = this.joined?.notice ?? null;
      await this.prepare(view);
    } catch (error) {
      // Pairs can be read and edited without rewards.
      this.joined = null;
      this.notice = errorMessage(error);
    }
  }

  /** Computes what the filter and the order of a view ask of the rewards. Both must be readable. */
  async prepare({ filter, sort }: RewardView): Promise<void> {
    const facts = [...factsOf(parseQuery(filter)).facts, ...(sort === 'row' ? [] : factsOfSort(parseSort(sort).by))];
    await this.joined?.pairs?.prepareFor(facts);
  }

  /** Computes what columns of the list show. */
  async prepareColumns(ids: readonly string[]): Promise<void> {
    await this.joined?.pairs?.prepareFor(ids.flatMap((id) => factOfColumn(id) ?? []));
  }

  private async loadSuspects(): Promise<void> {
    try {
      const found = await this.sources.suspects.of(this.file);
      this.suspects = found && found.book;
      this.damagedSuspects = null;
    } catch (error) {
      this.suspects = null;
      this.damagedSuspects = errorMessage(error);
    }
  }

  /** Asks for the keys of a row only if there are rewards. */
  private of(identityOfRow: IdentityOf): readonly (RowReward | null)[] {
    const pairs = this.joined?.pairs;
    const identity = pairs && identityOfRow();
    return identity && pairs ? rewardsOf(identity, pairs) : [];
  }
}
