import type { PairSymbols } from '../../engine/types';
import { reduceMean } from '../../graph/algebra';
import { add, div, log, logSigmoid, neg, relu, scalarSub, scale, softplus, sub, tanh } from '../../graph/elementwise';
import type { Tensor } from '../../graph/tensor';
import { atLeastOne, type Objective } from './objective';

/** f32's spacing at 1: an answer whose probability rounds to 1 has no odds. */
const leastSurprise = 2 ** -23;

/**
 * log odds = a − log(1 − eᵃ) of a mean log-prob a < 0, where 1 − eᵃ = tanh(−a/2)·(1 + eᵃ), which is exact near a = 0 as
 * well.
 */
function logOdds(logp: Tensor, length: Tensor): Tensor {
  const surprise = scalarSub(relu(scalarSub(neg(div(logp, atLeastOne(length))), leastSurprise)), -leastSurprise);
  return sub(neg(surprise), add(log(tanh(scale(surprise, 0.5))), softplus(neg(surprise))));
}

const logOddsChosen = ({ chosen, rejected, chosenLength, rejectedLength }: PairSymbols): Tensor =>
  sub(logOdds(chosen, chosenLength), logOdds(rejected, rejectedLength));

/** Each pair's part of the token mean over all prompts and chosen answers; a prompt's first token is not predicted. */
function negativeLogLikelihood({ prompt, promptLength, chosenTokens, chosenLength }: PairSymbols): Tensor {
  return neg(div(add(prompt, chosenTokens), reduceMean(atLeastOne(add(promptLength, chosenLength)))));
}

/**
 * NLL(prompt and chosen) − β·log σ(log odds(chosen) − log odds(rejected)): ORPO, Hong et al. 2024 (arXiv:2403.07691),
 * equations 4 and 7; β is the paper's λ. Odds are of mean log-probs of answers.
 */
export const orpo: Objective = {
  loss: (symbols, { beta }) => sub(negativeLogLikelihood(symbols), scale(logSigmoid(logOddsChosen(symbols)), beta)),
  metrics: (symbols) => ({
    nll_loss: reduceMean(negativeLogLikelihood(symbols)),
    log_odds_ratio: reduceMean(logSigmoid(logOddsChosen(symbols))),
    log_odds_chosen: reduceMean(logOddsChosen(symbols)),
  }),
};
