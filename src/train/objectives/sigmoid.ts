import { scale } from '../../graph/elementwise';
import { smoothedLogistic, type Objective } from './objective';
import { scoreMargin } from './scores';

/**
 * −log σ(β·d): DPO, Rafailov et al. 2023 (arXiv:2305.18290), equation 7; without a reference the
 * preference term of CPO, Xu et al. 2024 (arXiv:2401.08417), equation 3.
 *
 * Smoothed, −(1 − ε)·log σ(β·d) − ε·log σ(−β·d), it is conservative DPO (Mitchell 2023, ericmitchell.ai/cdpo.pdf).
 * TRL's DPO ignores `label_smoothing` here since 0.29, so ε is `cdpo_label_smoothing`, Margin's own; its CPO applies
 * it.
 */
export const sigmoid: Objective = {
  loss: (symbols, settings) => {
    const epsilon = settings.trainer === 'cpo' ? settings.label_smoothing : settings.cdpo_label_smoothing;
    return smoothedLogistic(scale(scoreMargin(symbols, settings), settings.beta), epsilon);
  },
};
