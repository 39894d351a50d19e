import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { PairReward } from '../run/types';
import { Slices } from './pairEditor/slices';

/** Every line of a file of rewards, in slices that leave the host responsive. A run writes such a file whole or not at all. Rejects where it cannot be read. */
export async function eachReward(file: string, take: (reward: PairReward) => void): Promise<void> {
  const slices = new Slices();
  const input = createReadStream(file);
  const failed = new Promise<never>((_, reject) => input.once('error', reject));
  failed.catch(() => undefined);
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  const read = async (): Promise<void> => {
    for await (const line of lines) {
      await slices.breathe();
      if (line !== '') take(JSON.parse(line) as PairReward);
    }
  };
  await Promise.race([read(), failed]);
}
