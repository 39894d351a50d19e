import type { Breathing } from '../../base/pure/breathing';
import { columnsOfLines } from './eachReward';
import type { RewardColumns } from './rewardColumns';

/** The rewards of a file by column. Errors as `eachReward`. */
export function readColumns(file: string, slices: Breathing): Promise<RewardColumns> {
  return columnsOfLines(file, slices);
}
