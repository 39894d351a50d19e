import { MarginError } from '../base/pure/marginError';
import type { SideReward } from '../run/types';

/**
 * How a model values an answer. `reward`: the implicit reward β·(log π − log π_ref). The others need no reference, and
 * have the names of RewardBench's `ref_free_type`. `avg`: the mean log-prob of a token. `sum`: the log-prob of the
 * answer, which favours short ones. `norm`: minus the Euclidean norm of the log-probs of the tokens.
 */
export const valueMeasures = ['reward', 'avg', 'sum', 'norm'] as const;
export type ValueMeasure = (typeof valueMeasures)[number];

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
