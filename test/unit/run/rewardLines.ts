import type { PairReward } from '../../../src/run/types';

/** The rewards of the pair of a row with this margin, as `rewards/step-N.jsonl` has them. */
export function rewardLine(row: number, margin: number): PairReward {
  const side = { logp: -20, ref_logp: -20, reward: 0, tokens: 5 };
  // Keys are hashes, so they do not rise with the rows.
  const key = (BigInt(row + 1) * 0x9e37_79b9_7f4a_7c15n).toString(16).slice(-16).padStart(16, '0');
  return {
    row,
    line: row + 1,
    key,
    chosen: { ...side, logp: -20 + margin * 10, reward: margin },
    rejected: side,
    margin,
  };
}

export function rewardText(lines: readonly PairReward[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
