import type { PairSymbols } from '../../engine/types';
import { reduceMean } from '../../graph/algebra';
import { add, div, log, logSigmoid, neg, relu, scalarSub, scale, softplus, sub, tanh } from '../../graph/elementwise';
import type { Tensor } from '../../graph/tensor';
import { atLeastOne, type Objective } from './objective';

/** The spacing of f32 at 1. A probability that rounds to 1 would have infinite odds. */
const leastSurprise = 2 ** -23;

/**
 * The log odds of an answer, [pairs]: a − log(1 − eᵃ), with a < 0 its mean log-prob per token. 1 − eᵃ is computed as
 * tanh(−a/2)·(1 + eᵃ), which is exact near a = 0 too.
 */
function logOdds(logp: Tensor, length: Tensor): Tensor {
  const surprise = scalarSub(relu(scalarSub(neg(div(logp, atLeastOne(length))), leastSurprise)), -leastSurprise);
  return sub(neg(surprise), add(log(tanh(scale(surprise, 0.5))), softplus(neg(surprise))));
}

const logOddsChosen = ({ chosen, rejected, chosenLength, rejectedLength }: PairSymbols): Tensor =>
  sub(logOdds(chosen, chosenLength), logOdds(rejected, rejectedLength));

/**
 * Each pair's part, [pairs], of the mean over all tokens of prompts and chosen answers, in nats per token. A prompt's
 * first token has no prediction and does not count.
 */
function negativeLogLikelihood({ prompt, promptLength, chosenTokens, chosenLength }: PairSymbols): Tensor {
  return neg(div(add(prompt, chosenTokens), reduceMean(atLeastOne(add(promptLength, chosenLength)))));
}

/**
 * ORPO, Hong et al. 2024 (arXiv:2403.07691), equations 4 and 7; β is the paper's λ:
 *
 *     loss = NLL(prompt and chosen) − β·log σ(log odds(chosen) − log odds(rejected))    [pairs]
 *
 * NLL is in nats per token. The odds are those of an answer's mean log-prob per token. There is no reference.
 */
export const orpo: Objective = {
  loss: (symbols, { beta }) => sub(negativeLogLikelihood(symbols), scale(logSigmoid(logOddsChosen(symbols)), beta)),
  metrics: (symbols) => ({
    nll_loss: reduceMean(negativeLogLikelihood(symbols)),
    log_odds_ratio: reduceMean(logSigmoid(logOddsChosen(symbols))),
    log_odds_chosen: reduceMean(logOddsChosen(symbols)),
  }),
};
