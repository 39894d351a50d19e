import { scale } from '../../graph/elementwise';
import { smoothedLogistic, type Objective } from './objective';
import { scoreMargin } from './scores';

/**
 * DPO, Rafailov et al. 2023 (arXiv:2305.18290), equation 7:
 *
 *     loss = −log σ(β·d)    [pairs]
 *
 * Without a reference (trainer `cpo`) it is the preference term of CPO, Xu et al. 2024 (arXiv:2401.08417), equation 3.
 *
 * With label smoothing it is conservative DPO, Mitchell 2023 (ericmitchell.ai/cdpo.pdf):
 *
 *     loss = −(1 − ε)·log σ(β·d) − ε·log σ(−β·d)    [pairs]
 *
 * ε is Margin's own key `cdpo_label_smoothing`, because TRL's DPO ignores `label_smoothing` here since 0.29. TRL's CPO
 * uses `label_smoothing`.
 */
export const sigmoid: Objective = {
  loss: (symbols, settings) => {
    const epsilon = settings.trainer === 'cpo' ? settings.label_smoothing : settings.cdpo_label_smoothing;
    return smoothedLogistic(scale(scoreMargin(symbols, settings), settings.beta), epsilon);
  },
};
