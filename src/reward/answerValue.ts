import { MarginError } from '../base/pure/marginError';
import type { ValueMeasure } from '../pairs/comparison/valueMeasure';
import type { SideReward } from '../run/types';

/**
 * The value of an answer, from its reward as `margin score` writes it. In nats, times β for `reward`.
 *
 * Source of `avg`, `sum` and `norm`: `get_batch_logps` of RewardBench (Lambert et al. 2024, arXiv:2403.13787).
 *
 * @throws MarginError `no-token-logps` for `norm` if the reward has no log-prob of each token
 */
export function answerValue({ logp, reward, tokens, logps }: SideReward, measure: ValueMeasure): number {
  switch (measure) {
    case 'reward':
      return reward;
    case 'sum':
      return logp;
    case 'avg':
      return logp / tokens;
    case 'norm':
      if (logps === undefined) {
        const message = 'The measure norm needs the log-prob of each token: score with --per_token.';
        throw new MarginError('no-token-logps', message);
      }
      return -Math.sqrt(logps.reduce((sum, value) => sum + value ** 2, 0));
  }
}
