import type { PairSymbols } from '../../engine/types';
import { detach, reduceMean } from '../../graph/algebra';
import { relu, sub } from '../../graph/elementwise';
import type { Tensor } from '../../graph/tensor';
import { judgedLoss } from './judged';
import { chosenRatio, rejectedRatio, type Objective } from './objective';

/**
 * z₀ = max(0, mean of log π(y′) − log π_ref(y′)) over answers y′ of other rows, without gradient: the policy's KL from
 * the reference.
 */
const klEstimate = (symbols: PairSymbols): Tensor => relu(detach(reduceMean(rejectedRatio(symbols))));

/**
 * λ_D·(1 − σ(β(Δ − z₀))) of a good answer, λ_U·(1 − σ(β(z₀ − Δ))) of a bad one: KTO, Ethayarajh et al. 2024
 * (arXiv:2402.01306), equation 7. As in TRL, y′ is the answer of the row before in the same micro-batch, so a larger
 * one estimates z₀ better.
 */
export const kto: Objective = {
  loss: (symbols, settings) => judgedLoss(sub(chosenRatio(symbols), klEstimate(symbols)), symbols, settings),
  metrics: (symbols) => ({ kl: klEstimate(symbols) }),
};
