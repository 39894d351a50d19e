import { reduceMean } from '../../graph/algebra';
import { logSigmoid, neg, scale, sub } from '../../graph/elementwise';
import { chosenRatio, rejectedRatio, type Objective } from './objective';

/** mean −log σ(β·(Δw − Δl)): DPO, Rafailov et al. 2023 (arXiv:2305.18290), equation 7. */
export const sigmoidObjective: Objective = {
  name: 'sigmoid',
  description: 'DPO. Raises the margin of every pair, ever more slowly. The default; start here.',
  loss: (symbols, { beta }) => neg(reduceMean(logSigmoid(scale(sub(chosenRatio(symbols), rejectedRatio(symbols)), beta)))),
};
