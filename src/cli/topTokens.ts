import { TokenTally, extremeTokens, type TokenStat } from '../pairs/tokenRewards/tokenTally';
import { tokenRewards } from '../pairs/tokenRewards/tokenRewards';
import { tokensOf } from '../run/tokenLists';
import type { PairReward } from '../run/types';
import { table } from './table';

/** The tables of `--top_tokens`: the most rewarded and the most punished tokens of all scored answers. */
export class TopTokens {
  private readonly tally = new TokenTally();
  private readonly lines: number[] = [];

  /** @param limit tokens in each table @param minCount rarer tokens are left out */
  constructor(
    private readonly limit: number,
    private readonly minCount: number,
  ) {}

  /** @param reward scored with `perToken` and `texts` */
  add(reward: PairReward): void {
    const { beta, chosen, rejected } = tokensOf(reward, `Line ${reward.line}`);
    for (const [side, answer] of [['chosen', chosen] as const, ['rejected', rejected] as const])
      this.tally.add(this.lines.length, side, { ...answer, rewards: tokenRewards(beta, answer) });
    this.lines.push(reward.line);
  }

  text(): string {
    const { minCount, limit } = this;
    const { rewarded, punished, rare } = extremeTokens(this.tally.stats, { minCount, limit, by: 'mean' });
    const left = rare === 0 ? [] : ['', `${rare} tokens that occur less than ${minCount} times are left out.`];
    return [
      ...this.part('Most rewarded tokens', rewarded, 'highest'),
      ...this.part('Most punished tokens', punished, 'lowest'),
      ...left,
    ].join('\n');
  }

  private part(title: string, stats: readonly TokenStat[], places: 'highest' | 'lowest'): string[] {
    if (stats.length === 0) return ['', `${title}: none`];
    const cells = stats.map((stat) => [
      JSON.stringify(typeof stat.text === 'string' ? stat.text : stat.text.special),
      ...[stat.count, stat.chosen].map(String),
      ...[stat.mean, stat.sum].map((value) => value.toFixed(4)),
      [...new Set(stat[places].map(({ pair }) => this.lines[pair]))].join(', '),
    ]);
    return ['', `${title}:`, table(['token', 'count', 'in chosen', 'mean', 'sum', 'on lines'], cells)];
  }
}
