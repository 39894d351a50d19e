import { at } from '../../base/pure/must';
import type { TokenText } from '../tokens/tokenRow';

/** A place of a token in an answer. */
export interface TokenPlace {
  /** The index of the pair in its file of rewards. */
  readonly pair: number;
  readonly side: 'chosen' | 'rejected';
  /** The index of the token in the answer. */
  readonly index: number;
  readonly reward: number;
}

/** A token over all answers of a set. Rewards are in nats times β. */
export interface TokenStat {
  readonly id: number;
  readonly text: TokenText;
  readonly count: number;
  /** How many of them are in chosen answers. */
  readonly chosen: number;
  readonly sum: number;
  readonly mean: number;
  /** Its places with the highest rewards, the highest first. */
  readonly highest: readonly TokenPlace[];
  /** Its places with the lowest rewards, the lowest first. */
  readonly lowest: readonly TokenPlace[];
}

/** Places that are kept of each token at either end. */
const keptPlaces = 3;

interface Entry {
  readonly text: TokenText;
  count: number;
  chosen: number;
  sum: number;
  readonly highest: TokenPlace[];
  readonly lowest: TokenPlace[];
}

/** An answer with the reward of each token; all lists have one entry for each. */
export interface RewardedAnswer {
  readonly ids: ArrayLike<number>;
  readonly texts: readonly TokenText[];
  readonly rewards: ArrayLike<number>;
}

/** Adds up the rewards of each token over many answers. Its size grows with the vocabulary, not with the answers. */
export class TokenTally {
  private readonly byId = new Map<number, Entry>();
  /** Tokens of all answers. */
  tokens = 0;

  /** @param pair the index of the pair in its file */
  add(pair: number, side: TokenPlace['side'], { ids, texts, rewards }: RewardedAnswer): void {
    for (let index = 0; index < ids.length; index++) {
      const [id, reward, text] = [at(ids, index), at(rewards, index), at(texts, index)];
      let entry = this.byId.get(id);
      if (!entry) this.byId.set(id, (entry = { text, count: 0, chosen: 0, sum: 0, highest: [], lowest: [] }));
      entry.count++;
      entry.sum += reward;
      if (side === 'chosen') entry.chosen++;
      if (fits(entry.highest, reward, 1)) insert(entry.highest, { pair, side, index, reward }, 1);
      if (fits(entry.lowest, reward, -1)) insert(entry.lowest, { pair, side, index, reward }, -1);
      this.tokens++;
    }
  }

  get stats(): readonly TokenStat[] {
    return [...this.byId].map(([id, entry]) => ({ id, ...entry, mean: entry.sum / entry.count }));
  }
}

function fits(places: readonly TokenPlace[], reward: number, sign: 1 | -1): boolean {
  const last = places[keptPlaces - 1];
  return last === undefined || sign * reward > sign * last.reward;
}

function insert(places: TokenPlace[], place: TokenPlace, sign: 1 | -1): void {
  const after = places.findIndex(({ reward }) => sign * place.reward > sign * reward);
  places.splice(after < 0 ? places.length : after, 0, place);
  places.length = Math.min(places.length, keptPlaces);
}

export interface ExtremeOptions {
  /** Rarer tokens are left out: one strange place would decide their mean. */
  readonly minCount: number;
  /** Most tokens in each list. */
  readonly limit: number;
  /** What orders them: the reward of a token on average, or of all its places together. */
  readonly by: 'mean' | 'sum';
}

export interface ExtremeTokens {
  /** Tokens with a reward above 0, the highest first. */
  readonly rewarded: readonly TokenStat[];
  /** Tokens with a reward below 0, the lowest first. */
  readonly punished: readonly TokenStat[];
  /** Tokens that are too rare. */
  readonly rare: number;
}

/** The most rewarded and the most punished tokens of a set. Equal ones are in the order of their ids. */
export function extremeTokens(stats: readonly TokenStat[], { minCount, limit, by }: ExtremeOptions): ExtremeTokens {
  const common = stats.filter(({ count }) => count >= minCount);
  const ordered = common.toSorted((a, b) => b[by] - a[by] || a.id - b.id);
  return {
    rewarded: ordered.filter((stat) => stat[by] > 0).slice(0, limit),
    punished: common
      .filter((stat) => stat[by] < 0)
      .toSorted((a, b) => a[by] - b[by] || a.id - b.id)
      .slice(0, limit),
    rare: stats.length - common.length,
  };
}
