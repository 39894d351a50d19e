import { errorMessage } from '../../../base/pure/marginError';
import type { PairResult } from '../../../pairs/readPair';
import type { Overview, RewardChoice } from '../../../protocol/pairEditor';
import { joinRewards, type JoinedRewards, rewardChoices } from './rewards';
import { identityOf } from '../../../jsonl/node/rowIdentity';
import { marginOf, rewardsOf, type RowIdentity, type RowReward } from '../../../pairs/rowRewards';

type IdentityOf = () => RowIdentity | null;

/** The rewards that a view shows beside its rows. */
export class ViewRewards {
  private joined: JoinedRewards | null = null;
  /** Why no rewards are shown, in a sentence. */
  private notice: string | null = null;
  private choices: readonly RewardChoice[] = [];

  constructor(
    private readonly file: string,
    private readonly runFolders: () => Promise<readonly string[]>,
  ) {}

  /** The parts of the overview about rewards. */
  get overview(): Pick<Overview, 'notice' | 'rewards' | 'rewardChoices' | 'widest'> {
    const { joined, notice, choices } = this;
    return {
      notice,
      rewards: joined?.choice ?? null,
      rewardChoices: choices,
      widest: joined ? joined.widest : 0,
    };
  }

  get areLoaded(): boolean {
    return this.joined !== null;
  }

  /** The rewards of each pair of a row; none if no rewards are loaded. */
  readonly ofRow = (result: PairResult): readonly (RowReward | null)[] => this.of(() => identityOf(result));

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
    try {
      this.choices = await rewardChoices(this.file, await this.runFolders());
      const choice = this.choices.find((one) => one.id === id) ?? this.choices[0];
      this.joined = choice ? await joinRewards(choice) : null;
      this.notice = this.joined?.notice ?? null;
    } catch (error) {
      // Pairs can be read and edited without rewards.
      this.joined = null;
      this.notice = errorMessage(error);
    }
  }
}
