import { isMessageList, readMessages } from './formats/messages';
import { toolsOf } from './formats/toolsOf';
import { isObject } from './json';
import type { Message, Pair } from './pair';

/** A row of one answer judged good or bad: TRL's unpaired preference, `{"prompt", "completion", "label"}`. */
export interface JudgedAnswer {
  readonly style: 'chat' | 'plain';
  readonly prompt: readonly Message[];
  readonly completion: readonly Message[];
  readonly label: boolean;
  /** JSON schemas of tools, handed to the chat template unchanged. */
  readonly tools?: readonly unknown[];
}

/** The judged answer of a row, as strings or as message lists; else a sentence why there is none. */
export function readJudged(value: unknown): JudgedAnswer | string {
  if (!isObject(value)) return 'A row is an object: { "prompt": …, "completion": …, "label": true }.';
  const { prompt, completion, label } = value;
  if ('chosen' in value || 'rejected' in value) return 'The row is a pair; trainer "kto" takes single answers: prompt, completion and label. Pairs train with trainer "dpo".';
  if (typeof label !== 'boolean') return `label must be true or false, not ${JSON.stringify(label) ?? 'missing'}.`;
  if (typeof prompt === 'string' && typeof completion === 'string') {
    return { style: 'plain', prompt: [{ role: 'user', content: prompt }], completion: [{ role: 'assistant', content: completion }], label };
  }
  if (isMessageList(prompt) && isMessageList(completion)) {
    return { style: 'chat', prompt: readMessages(prompt), completion: readMessages(completion), label, ...toolsOf(value) };
  }
  return 'prompt and completion must be two strings or two lists of messages.';
}

/** The answer as a pair whose other side is empty: what scoring and names of content go by. */
export function pairOfJudged({ style, prompt, completion, label, tools }: JudgedAnswer): Pair {
  return { style, prompt, chosen: label ? completion : [], rejected: label ? [] : completion, ...(tools ? { tools } : {}) };
}
