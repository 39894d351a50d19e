import { isRecord } from '../../base/pure/isRecord';
import { type JsonObject } from '../json';
import type { Pair } from '../pair';
import type { Format } from './format';
import { inOrderOf } from './format';
import { isMessageList, readMessages, sharedMessages, writeMessages } from './messages';
import { toolsOf } from './toolsOf';

/**
 * `{"chosen": [message…], "rejected": [message…]}`, both with the shared turns at their start. Rows of UltraFeedback
 * and distilabel carry the question a second time as a string `prompt`; it is kept in step, and the lists say what
 * the pair is.
 */
export const implicitConversational: Format = {
  id: 'implicit-conversational',
  label: 'chosen, rejected (messages)',
  tool: 'TRL',
  link: 'https://huggingface.co/docs/trl/dataset_formats',
  keys: ['prompt', 'chosen', 'rejected', 'tools'],
  detect: (value) => isMessageList(value['chosen']) && isMessageList(value['rejected']) && promptFits(value),
  read,
  write: (value, pair) => {
    const chosen = writeMessages(value['chosen'], [...pair.prompt, ...pair.chosen]);
    const rejected = writeMessages(value['rejected'], [...pair.prompt, ...pair.rejected]);
    return { ...value, ...promptInStep(value, pair), chosen, rejected };
  },
  blank: (neighbour) => {
    const list = [
      { role: 'user', content: '' },
      { role: 'assistant', content: '' },
    ];
    const prompt = typeof neighbour['prompt'] === 'string' ? { prompt: '' } : {};
    return inOrderOf(neighbour, { ...prompt, chosen: list, rejected: list });
  },
};

function read(value: JsonObject): Pair {
  const chosen = readMessages(value['chosen']);
  const rejected = readMessages(value['rejected']);
  const end = sharedMessages(listOf(value['chosen']), listOf(value['rejected']));
  return {
    style: 'chat',
    prompt: chosen.slice(0, end),
    chosen: chosen.slice(end),
    rejected: rejected.slice(end),
    ...toolsOf(value),
  };
}

/** The turn of both lists that a string `prompt` repeats, white space at its ends aside; -1 if none does. */
export function repeatedTurn(value: JsonObject): number {
  const prompt = value['prompt'];
  if (typeof prompt !== 'string') return -1;
  const says = (turn: unknown): boolean =>
    isRecord(turn) && typeof turn['content'] === 'string' && turn['content'].trim() === prompt.trim();
  const rejected = listOf(value['rejected']);
  return listOf(value['chosen']).findLastIndex((turn, i) => says(turn) && says(rejected[i]));
}

/** A string `prompt` that says something else than the lists stays as it is; so does one whose turn is not changed. */
function promptInStep(value: JsonObject, pair: Pair): JsonObject {
  const turn = repeatedTurn(value);
  const content = pair.prompt[turn]?.content;
  const before = read(value).prompt[turn]?.content;
  return turn < 0 || content === undefined || content === before ? {} : { prompt: content };
}

/** No `prompt`, or a text that the lists make superfluous. */
function promptFits(value: JsonObject): boolean {
  const prompt = value['prompt'] ?? '';
  return typeof prompt === 'string' && (prompt.trim() === '' || repeatedTurn(value) >= 0 || sharesQuestion(value));
}

/** Whether both lists begin with a question, which then is the prompt whatever a string `prompt` says. */
function sharesQuestion(value: JsonObject): boolean {
  return read(value).prompt.some(({ role, content }) => role === 'user' && content.trim() !== '');
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
