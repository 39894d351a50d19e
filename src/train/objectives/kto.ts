import type { PairSymbols } from '../../engine/types';
import { detach, reduceMean } from '../../graph/algebra';
import { relu, sub } from '../../graph/elementwise';
import type { Tensor } from '../../graph/tensor';
import { judgedLoss } from './judged';
import { chosenRatio, rejectedRatio, type Objective } from './objective';

/**
 * An estimate of the policy's KL from the reference, a scalar in nats, without gradient:
 *
 *     z₀ = max(0, mean(log π(y′) − log π_ref(y′)))    over answers y′ of other rows
 */
const klEstimate = (symbols: PairSymbols): Tensor => relu(detach(reduceMean(rejectedRatio(symbols))));

/**
 * KTO, Ethayarajh et al. 2024 (arXiv:2402.01306), equation 7, on single judged answers; Δ is the answer's log-ratio and
 * z₀ the KL estimate above:
 *
 *     loss = λ_D·(1 − σ(β·(Δ − z₀)))    good answers, λ_D = `desirable_weight`
 *     loss = λ_U·(1 − σ(β·(z₀ − Δ)))    bad answers, λ_U = `undesirable_weight`
 *
 * The loss has shape [pairs]. As in TRL, y′ is the answer of the row before in the same micro-batch, so a larger
 * micro-batch estimates z₀ better.
 */
export const kto: Objective = {
  loss: (symbols, settings) => judgedLoss(sub(chosenRatio(symbols), klEstimate(symbols)), symbols, settings),
  metrics: (symbols) => ({ kl: klEstimate(symbols) }),
};
