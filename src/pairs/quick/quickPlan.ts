import { formats, judgedFormats } from '../formats/table';
import type { JsonObject } from '../json';
import { kindOfKey } from '../keyLists';

/** What the value of a key is, as far as it matters here; `other` for keys that no model reads. */
export type ValueKind = 'text' | 'messages' | 'boolean' | 'other';

/** How the rows of a format are checked in bytes. */
export interface QuickShape {
  readonly style: 'plain' | 'chat';
  /** Whether the row is a judged answer. */
  readonly judged: boolean;
  /** Whether the answers begin with the prompt. */
  readonly shared: boolean;
}

/** The formats whose rows are checked in bytes. */
const quickFormats: Readonly<Record<string, 'pair' | 'judged' | 'shared'>> = {
  'explicit-plain': 'pair',
  'explicit-conversational': 'pair',
  'implicit-conversational': 'shared',
  unpaired: 'judged',
};

/** The keys that these formats read. */
export const readKeys: ReadonlySet<string> = new Set(['prompt', 'chosen', 'rejected', 'completion', 'label']);

/** Whether the name of a key says that no model reads it. A weight is checked, so it is not such a key. */
export function isAbout(key: string): boolean {
  return !readKeys.has(key) && key !== 'weight' && kindOfKey(key) === 'about';
}

/**
 * The shape of all rows with these keys and kinds of values; null if their format is not checked in bytes.
 *
 * Each format that comes first in the table is asked about a sample of such a row. If it looks at a key that no quick
 * format reads, the answer may depend on a value, so there is no plan. On texts and messages, the formats before a
 * quick one depend in the ways that `quickChecks` rules out: a text that begins with a bracket, answers that begin
 * with the prompt.
 */
export function shapeOf(keys: readonly (readonly [key: string, kind: ValueKind])[]): QuickShape | null {
  const touched = { isTrue: false };
  const isAfterPrompt = keys.some(([key, kind]) => key === 'prompt' && kind === 'messages');
  const sample = Object.fromEntries(keys.map(([key, kind]) => [key, sampleOf(key, kind, isAfterPrompt)]));
  const row = watched(sample, touched);
  const found = [...judgedFormats, ...formats].find((format) => format.detect(row) || touched.isTrue);
  if (!found || touched.isTrue || found.notes || found.refuse) return null;
  const kind = quickFormats[found.id];
  if (kind === undefined || keys.some(([key]) => readKeys.has(key) && !found.keys.includes(key))) return null;
  const isChat = keys.some(([, one]) => one === 'messages');
  return { style: isChat ? 'chat' : 'plain', judged: kind === 'judged', shared: kind === 'shared' };
}

function sampleOf(key: string, kind: ValueKind, isAfterPrompt: boolean): unknown {
  switch (kind) {
    case 'text':
      return 'Question';
    case 'boolean':
      return true;
    case 'other':
      return null;
    case 'messages': {
      const answer = { role: 'assistant', content: key };
      const question = { role: 'user', content: 'Question' };
      if (key === 'prompt') return [question];
      return isAfterPrompt ? [answer] : [question, answer];
    }
  }
}

/** A row that notes whether anything asks for the value of a key that no quick format reads. */
function watched(row: JsonObject, touched: { isTrue: boolean }): JsonObject {
  const note = (key: string | symbol): void => {
    if (typeof key === 'string' && Object.hasOwn(row, key) && !readKeys.has(key)) touched.isTrue = true;
  };
  return new Proxy(row, {
    get: (target, key) => {
      note(key);
      return Reflect.get(target, key) as unknown;
    },
  });
}
