import { add, scalarSub, square } from '../../graph/elementwise';
import { chosenRatio, rejectedRatio, type Objective } from './objective';

/**
 * SPPO, Wu et al. 2024 (arXiv:2405.00675), equation 4.7 with a win probability of 1; 1/β is the paper's η:
 *
 *     loss = (Δw − 1/(2β))² + (Δl + 1/(2β))²    [pairs]
 *
 * It is least where Δw is 1/(2β) nats and Δl is −1/(2β).
 */
export const sppoHard: Objective = {
  loss: (symbols, { beta }) => {
    const half = 1 / (2 * beta);
    return add(square(scalarSub(chosenRatio(symbols), half)), square(scalarSub(rejectedRatio(symbols), -half)));
  },
};
