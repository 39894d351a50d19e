import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { PairsPage, PairsQuery } from '../../protocol/runPanel';
import { runPaths } from '../../run/folder';
import type { PairReward } from '../../run/types';

/** Bars of the histogram; about 20 px each in a panel of usual width. */
const bins = 40;
/** Rows answered at once; a message stays far below 256 KB. */
const maxPage = 200;

/** The rewards of one step of a run, with those before the first step beside them. */
export class RewardTable {
  private constructor(
    private readonly rewards: readonly PairReward[],
    private readonly before: ReadonlyMap<string, number>,
  ) {}

  static async read(folder: string, step: number): Promise<RewardTable> {
    const rewards = await readRewards(runPaths.rewards(folder, step));
    const before = step === 0 ? [] : await readRewards(runPaths.rewards(folder, 0)).catch(() => []);
    return new RewardTable(rewards, new Map(before.map(({ key, margin }) => [key, margin])));
  }

  /** @param prompts gives the prompts of the rows of a page, by row */
  async page(query: PairsQuery, prompts: (rows: readonly number[]) => Promise<ReadonlyMap<number, string>>): Promise<PairsPage> {
    const [low, high] = query.brush ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    const kept = this.rewards.filter(({ margin }) => margin >= low && margin <= high);
    const value = (reward: PairReward): number => this.column(reward, query.sort);
    kept.sort((a, b) => (query.descending ? value(b) - value(a) : value(a) - value(b)));
    const rows = kept.slice(query.from, query.from + Math.min(query.count, maxPage));
    const texts = await prompts(rows.map(({ row }) => row));
    return {
      total: this.rewards.length,
      shown: kept.length,
      negative: this.rewards.filter(({ margin }) => margin < 0).length,
      rows: rows.map((reward) => ({ ...reward, prompt: texts.get(reward.row) ?? '', before: this.before.get(reward.key) ?? null })),
      histogram: histogram(this.rewards.map(({ margin }) => margin)),
    };
  }

  private column(reward: PairReward, sort: PairsQuery['sort']): number {
    switch (sort) {
      case 'line':
        return reward.line;
      case 'chosen':
      case 'rejected':
        return reward[sort].reward;
      case 'margin':
        return reward.margin;
      case 'before':
        return this.before.get(reward.key) ?? 0;
    }
  }
}

/** Lines of a rewards file; a run writes it whole or not at all. */
export async function readRewards(file: string): Promise<PairReward[]> {
  const rewards: PairReward[] = [];
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) if (line !== '') rewards.push(JSON.parse(line) as PairReward);
  return rewards;
}

/** Equal bins that meet at 0, so that no bar holds both signs. */
function histogram(values: readonly number[]): PairsPage['histogram'] {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const width = (high - low) / bins || 1;
  const below = Math.ceil(-low / width);
  const above = Math.max(1, Math.ceil(high / width));
  const counts = new Array<number>(below + above).fill(0);
  for (const value of values) {
    const bin = Math.min(counts.length - 1, below + Math.floor(value / width));
    counts[Math.max(0, bin)] = (counts[Math.max(0, bin)] ?? 0) + 1;
  }
  return { edges: Array.from({ length: counts.length + 1 }, (_, i) => (i - below) * width), counts };
}
