import * as vscode from 'vscode';
import type { Remark } from './remark';

/** The sentences of a remark: what is seen, what it means, what to do. */
export function remarkText(remark: Remark): string {
  const { t } = vscode.l10n;
  switch (remark.kind) {
    case 'diverged':
      return t(
        'The loss is not a finite number any more: the run has diverged. Stop it, lower learning_rate, and start again.',
      );
    case 'negative-margin':
      return t(
        'The margin is negative: the model moves towards the rejected answers. Look at the pairs with the lowest margin; are their labels flipped?',
      );
    case 'flat':
      return t(
        'The margin has not moved yet. The learning rate may be too low for this model: LoRA wants 1e-5 to 1e-4, tiny models up to 1e-3.',
      );
    case 'saturated':
      return t(
        'Accuracy is 1 and the loss is near 0: the model has nothing left to learn from these pairs. More steps only stretch the margins.',
      );
    case 'memorises':
      return t(
        'Accuracy is {0} on the trained pairs and {1} on the held-out ones: the model memorises. Fewer epochs, a lower rank or more pairs help.',
        remark.train.toFixed(2),
        remark.eval.toFixed(2),
      );
    case 'both-fall':
      return t(
        'Both rewards fall while the margin grows. Usual for DPO: it only asks that rejected falls faster. The chosen log-prob is down {0} nats ({1} %); if the model should stay likely to say what you chose, mix in sft: "loss_type": ["sigmoid", "sft"].',
        remark.nats.toFixed(1),
        Math.round(100 * remark.share),
      );
  }
}
