import { isRecord } from '../../base/pure/isRecord';
import { MarginError } from '../../base/pure/marginError';
import { must } from '../../base/pure/must';
import type { JsonObject } from '../json';
import type { Message } from '../pair';
import { type AlignedTurn, alignTurns } from './alignTurns';
import type { Part } from './parts';

/** ShareGPT's names of who speaks, and the roles of chat templates for them (LLaMA-Factory, `data/README.md`). */
const roles: Readonly<Record<string, string>> = {
  human: 'user',
  user: 'user',
  gpt: 'assistant',
  chatgpt: 'assistant',
  bot: 'assistant',
  model: 'assistant',
  assistant: 'assistant',
  system: 'system',
  observation: 'tool',
  tool: 'tool',
  function_call: 'assistant',
};

/** Turns as ShareGPT writes them: `{"conversations": [{"from": "human", "value": "2 + 2?"}]}`. */
export function shareGptList(key: string): Part {
  return {
    shape: 'messages',
    keys: [key],
    fits: (value) => Array.isArray(value[key]) && value[key].length > 0 && value[key].every(isTurn),
    read: (value) => listOf(value[key]).map(turnOf),
    write: (value, turns) => ({ ...value, [key]: alignTurns(listOf(value[key]), turns, turnOf).map(written) }),
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
      const [first, ...more] = alignTurns([value[key]].filter(isTurn), turns, turnOf).map(written);
      return { ...value, [key]: more.length === 0 ? first : [first, ...more] };
    },
    blank: () => ({ [key]: { from: 'gpt', value: '' } }),
  };
}

/** ColossalChat writes `content` in place of `value`. */
interface Turn extends JsonObject {
  readonly from: string;
  readonly value?: string;
  readonly content?: string;
}

function textIn({ value, content }: Turn): string {
  return value ?? must(content, 'the text of a turn');
}

/** Only turns whose speaker is known: another name would reach the chat template as a role of its own. */
function isTurn(item: unknown): item is Turn {
  if (!isRecord(item) || typeof item['from'] !== 'string') return false;
  const text = 'value' in item ? item['value'] : item['content'];
  if (typeof text !== 'string') return false;
  return item['from'] === functionCall ? callsIn(text) !== null : Object.hasOwn(roles, item['from']);
}

/** The name of a turn that calls tools (LLaMA-Factory, `data/README.md`). */
export const functionCall = 'function_call';

/**
 * The calls of a `function_call` turn, which holds one call or a list of calls as JSON; null if it holds something
 * else. `{"name": "get_weather", "arguments": {"city": "Oslo"}}` is one call.
 */
function callsIn(value: string): readonly JsonObject[] | null {
  try {
    const parsed: unknown = JSON.parse(value);
    const calls: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed];
    const isCall = (call: unknown): call is JsonObject => isRecord(call) && typeof call['name'] === 'string';
    return calls.length > 0 && calls.every(isCall) ? calls : null;
  } catch {
    return null; // The text is not JSON, so it is not a call.
  }
}

function listOf(value: unknown): readonly Turn[] {
  return Array.isArray(value) ? value.filter(isTurn) : [];
}

function turnOf(turn: Turn): Message {
  const { from } = turn;
  const value = textIn(turn);
  if (from !== functionCall) return { role: must(roles[from], 'the role of a turn'), content: value };
  const calls = must(callsIn(value), 'the calls of a turn');
  const message = {
    role: 'assistant',
    content: '',
    tool_calls: calls.map((call) => ({ type: 'function', function: call })),
  };
  return message;
}

/** ShareGPT's own name of a role. */
function speakerOf(role: string): string {
  return role === 'user' ? 'human' : role === 'assistant' ? 'gpt' : role;
}

function written({ turn, before, same }: AlignedTurn<Turn>): Turn {
  if (before && same) return before;
  const { role, content } = turn;
  const from = before && turnOf(before).role === role ? before.from : speakerOf(role);
  if (before?.from !== functionCall)
    return { ...before, from, [before && !('value' in before) ? 'content' : 'value']: content };
  const message = 'A function_call turn holds calls and no text. Edit the line as text to change them.';
  throw new MarginError('tool-call-text', message, {});
}
