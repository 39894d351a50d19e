import type { Written } from './target';

/**
 * What happens to a part of a row that the target cannot hold. `left-out`: the whole row is not written. `not-carried`:
 * the part is not written. `changed`: it is written in another way.
 */
export type LossEffect = 'left-out' | 'not-carried' | 'changed';

/** Each kind of loss: its effect, and a sentence for a person. `{}` is the detail. */
const kinds = {
  'no-pair': ['left-out', 'The row holds no pair: {}'],
  list: ['left-out', '{}'],
  tie: ['left-out', 'A tie of a list: no answer is better, and the target cannot hold ties.'],
  'dropped-tie': ['left-out', 'A tie of a list: two answers are equal, and the pair rule drops ties.'],
  judged: ['left-out', 'A judged answer is not a pair. Convert it with --to kto.'],
  'no-prompt': ['left-out', 'The row has no prompt, and a chat must begin with one.'],
  system: ['left-out', 'Plain text has no system turn.'],
  history: ['left-out', 'Plain text holds one question, and the prompt has several turns or ends with an answer.'],
  'answer-turns': ['left-out', 'The target takes other turns as an answer, and the row has {}.'],
  'tool-calls': ['left-out', 'The target does not hold tool calls in messages.'],
  order: ['left-out', 'LLaMA-Factory skips rows whose turns do not alternate: {}.'],
  tools: ['not-carried', 'The list of tools.'],
  media: ['not-carried', 'The parts of type "{}": Margin reads only the text of a message.'],
  column: ['not-carried', 'The column "{}".'],
  weight: ['not-carried', 'The weight of the pair.'],
  field: ['not-carried', 'The field "{}" of messages.'],
  'plain-to-chat': ['changed', 'Plain text became messages, which the chat template renders.'],
  'transcript-to-chat': ['changed', 'The turns of a transcript became messages, which the chat template renders.'],
  strength: ['changed', 'How strongly the better answer is preferred became the column "weight".'],
  split: ['changed', 'The new row is read with another prompt: both answers begin with the same words or turns.'],
} as const satisfies Record<string, readonly [LossEffect, string]>;

export type LossKind = keyof typeof kinds;

/** A part of a row that a target cannot hold as it is. */
export interface ConversionLoss {
  readonly kind: LossKind;
  /**
   * Completes the sentence: the name of a column, or the reason why a row is not a pair. Empty if the sentence is
   * complete.
   */
  readonly detail: string;
}

/** A loss of one kind. @param detail fills the `{}` of its sentence */
export function loss(kind: LossKind, detail = ''): ConversionLoss {
  return { kind, detail };
}

/** The result for a row that is left out. */
export function leftOut(kind: LossKind, detail = ''): Written {
  return { rows: [], losses: [loss(kind, detail)] };
}

/** What happens to the part; see {@link LossEffect}. */
export function effectOf({ kind }: ConversionLoss): LossEffect {
  return kinds[kind][0];
}

/** What the loss is, as a sentence for a person. */
export function sentenceOf({ kind, detail }: ConversionLoss): string {
  return kinds[kind][1].replace('{}', () => detail);
}
