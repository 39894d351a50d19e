import { isRecord } from '../../base/pure/isRecord';
import { type JsonObject } from '../json';
import type { JudgedAnswer } from '../judged';
import type { Problem } from '../problem';
import { inOrderOf } from './format';
import { isMessageList, readMessages, writeMessages } from './messages';
import { textOf } from './text';
import { toolsOf } from './toolsOf';

/** The format of a row with one judged answer. Like {@link Format}, which is for pairs. */
export interface JudgedFormat {
  readonly id: string;
  readonly label: string;
  /** See {@link Format}. */
  readonly tool: string;
  readonly link: string;
  readonly keys: readonly string[];
  readonly toolsAt?: readonly string[];
  readonly toolsAsText?: boolean;
  keysIn?(value: JsonObject): readonly string[];
  readonly about?: readonly string[];
  detect(value: JsonObject): boolean;
  refuse?(value: JsonObject): Problem | null;
  notes?(value: JsonObject): readonly Problem[];
  read(value: JsonObject): JudgedAnswer;
  /** The row `value` with the texts and the label of `answer`; all other keys stay. */
  write(value: JsonObject, answer: JudgedAnswer): JsonObject;
  blank(neighbour: JsonObject): JsonObject;
}

/**
 * TRL's unpaired preference: `{"prompt": …, "completion": …, "label": true}`. Prompt and completion are both texts
 * or both lists of messages.
 */
export const unpaired: JudgedFormat = {
  id: 'unpaired',
  label: 'prompt, completion, label (TRL)',
  tool: 'TRL',
  link: 'https://huggingface.co/docs/trl/dataset_formats',
  keys: ['prompt', 'completion', 'label', 'tools'],
  detect: (value) => typeof value['label'] === 'boolean' && !hasSides(value) && (isPlain(value) || isChat(value)),
  read: (value) =>
    isPlain(value)
      ? {
          style: 'plain',
          prompt: [{ role: 'user', content: value.prompt }],
          completion: [{ role: 'assistant', content: value.completion }],
          label: value['label'] === true,
        }
      : {
          style: 'chat',
          prompt: readMessages(value['prompt']),
          completion: readMessages(value['completion']),
          label: value['label'] === true,
          ...toolsOf(value),
        },
  write: (value, { prompt, completion, label }) =>
    isPlain(value)
      ? { ...value, prompt: textOf(prompt), completion: textOf(completion), label }
      : {
          ...value,
          prompt: writeMessages(value['prompt'], prompt),
          completion: writeMessages(value['completion'], completion),
          label,
        },
  blank: (neighbour) =>
    inOrderOf(
      neighbour,
      isChat(neighbour)
        ? { prompt: [{ role: 'user', content: '' }], completion: [{ role: 'assistant', content: '' }], label: true }
        : { prompt: '', completion: '', label: true },
    ),
};

/** Whether the row is a pair. Files with several kinds of rows have null in the columns that a row lacks. */
function hasSides(value: JsonObject): boolean {
  return (value['chosen'] ?? value['rejected'] ?? null) !== null;
}

function isPlain(value: JsonObject): value is JsonObject & { readonly prompt: string; readonly completion: string } {
  return typeof value['prompt'] === 'string' && typeof value['completion'] === 'string';
}

function isChat(value: unknown): boolean {
  return isRecord(value) && isMessageList(value['prompt']) && isMessageList(value['completion']);
}
