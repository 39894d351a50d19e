import { errorMessage } from '../../../base/pure/marginError';
import type { PairResult } from '../../../pairs/readPair';
import type { Overview, RewardChoice } from '../../../protocol/pairEditor';
import { joinRewards, type JoinedRewards, rewardChoices } from './rewards';
import { identityOf } from '../../../jsonl/node/rowIdentity';
import type { PairVerdict, SuspectBook } from '../../../pairs/suspects/suspectBook';
import type { KnownSuspects } from '../../suspects/knownSuspects';
import { marginOf, rewardsOf, type RowIdentity, type RowReward } from '../../../pairs/rowRewards';

type IdentityOf = () => RowIdentity | null;

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
  get overview(): Pick<Overview, 'notice' | 'rewards' | 'rewardChoices' | 'widest'> {
    const { joined, choices } = this;
    return {
      notice: this.notice ?? this.damagedSuspects,
      rewards: joined?.choice ?? null,
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

  /** Asks for the keys of a row only if there are rewards. */
  private of(identityOfRow: IdentityOf): readonly (RowReward | null)[] {
    const identity = this.joined && identityOfRow();
    return identity && this.joined ? rewardsOf(identity, this.joined.byKey) : [];
  }

  /** Reads the rewards of a choice; the newest if there is no such choice. */
  async load(id: string | null): Promise<void> {
    await this.loadSuspects();
    try {
      this.choices = await rewardChoices(this.file, await this.sources.runFolders());
      const choice = this.choices.find((one) => one.id === id) ?? this.choices[0];
      this.joined = choice ? await joinRewards(choice) : null;
      this.notice = this.joined?.notice ?? null;
    } catch (error) {
      // Pairs can be read and edited without rewards.
      this.joined = null;
      this.notice = errorMessage(error);
    }
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
}
