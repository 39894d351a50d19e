import { isRecord } from '../../base/pure/isRecord';
import { type JsonObject } from '../json';
import type { Pair } from '../pair';
import type { Format } from './format';
import { inOrderOf } from './format';
import { isMessageList, readMessages, sharedMessages, writeMessages } from './messages';
import { toolsOf } from './toolsOf';

/**
 * `{"chosen": [message…], "rejected": [message…]}`: both lists begin with the shared turns. Rows of
 * UltraFeedback and distilabel repeat the question as a text `prompt`. Edits update it, but the lists decide what the
 * pair is.
 */
export const implicitConversational: Format = {
  id: 'implicit-conversational',
  label: 'chosen, rejected as messages (TRL, UltraFeedback, distilabel)',
  tool: 'TRL',
  link: 'https://huggingface.co/docs/trl/dataset_formats',
  keys: ['prompt', 'chosen', 'rejected', 'tools'],
  detect: (value) => isMessageList(value['chosen']) && isMessageList(value['rejected']) && promptFits(value),
  read,
  write: (value, pair) => {
    const chosen = writeMessages(value['chosen'], [...pair.prompt, ...pair.chosen]);
    const rejected = writeMessages(value['rejected'], [...pair.prompt, ...pair.rejected]);
    return { ...value, ...updatedPrompt(value, pair), chosen, rejected };
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

/**
 * Index of the turn in both lists that a text `prompt` repeats, ignoring white space at its ends; -1 if there is none.
 */
export function repeatedTurn(value: JsonObject): number {
  const prompt = value['prompt'];
  if (typeof prompt !== 'string') return -1;
  const repeats = (turn: unknown): boolean =>
    isRecord(turn) && typeof turn['content'] === 'string' && turn['content'].trim() === prompt.trim();
  const rejected = listOf(value['rejected']);
  return listOf(value['chosen']).findLastIndex((turn, i) => repeats(turn) && repeats(rejected[i]));
}

/** The new text `prompt`, if the turn that it repeats has changed. A `prompt` that differs from the lists stays. */
function updatedPrompt(value: JsonObject, pair: Pair): JsonObject {
  const turn = repeatedTurn(value);
  const content = pair.prompt[turn]?.content;
  const before = read(value).prompt[turn]?.content;
  return turn < 0 || content === undefined || content === before ? {} : { prompt: content };
}

/** Whether a row has no `prompt`, an empty one, or one that is not needed because the lists contain a question. */
function promptFits(value: JsonObject): boolean {
  const prompt = value['prompt'] ?? null;
  if (prompt === null) return true;
  return typeof prompt === 'string' && (prompt.trim() === '' || repeatedTurn(value) >= 0 || sharesQuestion(value));
}

/** Whether both lists begin with a question. Then that is the prompt, whatever a text `prompt` says. */
function sharesQuestion(value: JsonObject): boolean {
  return read(value).prompt.some(({ role, content }) => role === 'user' && content.trim() !== '');
}

/** The value if it is a list, else an empty list. `detect` also gets rows of other formats. */
function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
