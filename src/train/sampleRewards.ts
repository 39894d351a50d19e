import { at } from '../base/pure/must';
import { packPairs } from '../engine/packPairs';
import type { MeasureSession, TokenizedPair } from '../engine/types';
import type { SampleRewards } from '../run/sampleEvent';
import type { Sample, SamplePromptIds } from './samples';
import type { Trainer } from './trainer';

/**
 * The implicit rewards of the samples before and after training, under the model in training. They are those of the
 * drawn tokens: most samples are cut, so the end of the turn is left out.
 *
 * @returns null for a prompt whose answers are both empty, and where the result is not finite
 */
export async function sampleRewards(
  trainer: Trainer,
  policy: MeasureSession,
  prompts: SamplePromptIds,
  before: readonly Sample[],
  after: readonly Sample[],
): Promise<readonly (SampleRewards | null)[]> {
  const { beta, per_device_eval_batch_size: size } = trainer.config;
  const pairs = [...prompts.values()].map((prompt, i): TokenizedPair => ({
    prompt,
    chosen: at(before, i).ids,
    rejected: at(after, i).ids,
  }));
  const found: (SampleRewards | null)[] = pairs.map(() => null);
  const full = [...pairs.entries()].filter(([, { chosen, rejected }]) => chosen.length + rejected.length > 0);
  for (let first = 0; first < full.length; first += size) {
    const part = full.slice(first, first + size);
    const batch = packPairs(part.map(([, pair]) => pair));
    const { sequenceLogps: own } = await policy.score(batch);
    const other = await trainer.scoreReference(batch);
    const reward = (sequence: number): number => beta * (at(own, sequence) - at(other, sequence));
    part.forEach(([i], place) => {
      const rewards = { before: reward(place), after: reward(part.length + place) };
      found[i] = Number.isFinite(rewards.before + rewards.after) ? rewards : null;
    });
  }
  return found;
}
