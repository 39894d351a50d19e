import type { CurveRemark } from './remark';

/** A remark in sentences: what happened, what it means, what to do. */
export function remarkText(remark: CurveRemark): string {
  switch (remark.kind) {
    case 'diverged':
      return 'The loss is no longer a finite number: the run has diverged. Stop it, lower learning_rate, and start again.';
    case 'negative-margin':
      return 'The margin is negative: the model moves towards the rejected answers. Look at the pairs with the lowest margin: are their labels flipped?';
    case 'flat':
      return 'The margin has not moved yet. The learning rate may be too low for this model: LoRA needs 1e-5 to 1e-4, tiny models up to 1e-3.';
    case 'saturated':
      return 'Accuracy is 1 and the loss is near 0: the model has nothing left to learn from these pairs. More steps only stretch the margins.';
    case 'memorises':
      return `Accuracy is ${remark.train.toFixed(2)} on the trained pairs and ${remark.eval.toFixed(2)} on the held-out ones: the model memorises. Try fewer epochs, a lower rank or more pairs.`;
    case 'both-fall':
      return `Both rewards fall while the margin grows. This is usual for DPO, which only makes rejected answers fall faster. The chosen log-prob is down ${remark.nats.toFixed(1)} nats (${Math.round(100 * remark.share)} %). To keep the chosen answers likely, mix in sft: "loss_type": ["sigmoid", "sft"].`;
  }
}
