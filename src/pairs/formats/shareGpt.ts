import { isRecord } from '../../base/pure/isRecord';
import type { JsonObject } from '../json';
import type { Message } from '../pair';
import type { Part } from './parts';

/** ShareGPT's names of who speaks, and the roles of chat templates for them (LLaMA-Factory, `data/README.md`). */
const roles: Readonly<Record<string, string>> = {
  human: 'user',
  user: 'user',
  gpt: 'assistant',
  assistant: 'assistant',
  system: 'system',
  observation: 'tool',
  tool: 'tool',
};

/** Turns as ShareGPT writes them: `{"conversations": [{"from": "human", "value": "2 + 2?"}]}`. */
export function shareGptList(key: string): Part {
  return {
    shape: 'messages',
    keys: [key],
    fits: (value) => Array.isArray(value[key]) && value[key].length > 0 && value[key].every(isTurn),
    read: (value) => listOf(value[key]).map(turnOf),
    write: (value, turns) => ({ ...value, [key]: turns.map((turn, i) => written(listOf(value[key])[i], turn)) }),
    blank: () => ({ [key]: [{ from: 'human', value: '' }] }),
  };
}

/** One turn: `{"chosen": {"from": "gpt", "value": "4"}}`. */
export function shareGptTurn(key: string): Part {
  return {
    shape: 'message',
    keys: [key],
    fits: (value) => isTurn(value[key]),
    read: (value) => [value[key]].filter(isTurn).map(turnOf),
    write: (value, turns) => {
      const [first, ...more] = turns.map((turn, i) => written(i === 0 ? value[key] : undefined, turn));
      return { ...value, [key]: more.length === 0 ? first : [first, ...more] };
    },
    blank: () => ({ [key]: { from: 'gpt', value: '' } }),
  };
}

/** Only turns whose speaker is known: another name would reach the chat template as a role of its own. */
function isTurn(item: unknown): item is JsonObject & { readonly from: string; readonly value: string } {
  return (
    isRecord(item) &&
    typeof item['value'] === 'string' &&
    typeof item['from'] === 'string' &&
    Object.hasOwn(roles, item['from'])
  );
}

function listOf(value: unknown): readonly (JsonObject & { readonly from: string; readonly value: string })[] {
  return Array.isArray(value) ? value.filter(isTurn) : [];
}

function turnOf({ from, value }: { readonly from: string; readonly value: string }): Message {
  return { role: roles[from] ?? from, content: value };
}

function written(before: unknown, { role, content }: Message): unknown {
  if (isTurn(before)) return before.value === content ? before : { ...before, value: content };
  const from = role === 'user' ? 'human' : role === 'assistant' ? 'gpt' : role;
  return { from, value: content };
}
