import { isObject, type JsonObject } from './json';
import type { Side } from './pair';
import { isMessageList } from './formats/messages';

/** Why a row has no shape that can be read: the field, and what to do about it. */
export interface ShapeProblem {
  readonly code: 'missing-field' | 'wrong-type' | 'mixed-shape' | 'not-an-object' | 'unknown-shape';
  readonly side: Side | null;
  readonly message: string;
}

/** What keeps `value` from being a pair; for values that no format of the table detects. */
export function shapeProblems(value: unknown): ShapeProblem[] {
  if (!isObject(value)) {
    return [{ code: 'not-an-object', side: null, message: `The line holds ${nameOf(value)}, not an object with chosen and rejected.` }];
  }
  const given = (['prompt', 'chosen', 'rejected'] as const).filter((side) => (value[side] ?? null) !== null);
  if (given.length === 0) {
    const keys = Object.keys(value).slice(0, 8).join(', ');
    return [{ code: 'unknown-shape', side: null, message: `None of prompt, chosen, rejected among the keys (${keys || 'there are none'}).` }];
  }
  const wrong = [...missing(value), ...given.flatMap((side) => wrongType(side, value[side]))];
  return wrong.length > 0 ? wrong : [mixed(value)];
}

function missing(value: JsonObject): ShapeProblem[] {
  return (['chosen', 'rejected'] as const)
    .filter((side) => (value[side] ?? null) === null)
    .map((side) => ({
      code: 'missing-field',
      side,
      message: side in value ? `"${side}" is null: give it an answer.` : `"${side}" is missing: a pair has a chosen and a rejected answer.`,
    }));
}

function wrongType(side: Side, value: unknown): ShapeProblem[] {
  if (typeof value === 'string' || isMessageList(value)) return [];
  return [{ code: 'wrong-type', side, message: Array.isArray(value) ? inList(side, value) : notText(side, value) }];
}

function notText(side: Side, value: unknown): string {
  const hint = isObject(value) ? ' Put a single message into a list.' : '';
  return `"${side}" is ${nameOf(value)}: it must be text or a list of messages.${hint}`;
}

function inList(side: Side, list: readonly unknown[]): string {
  const at = list.findIndex((item) => !isMessageList([item]));
  const item = list[at];
  const name = `${side}[${at}]`;
  if (!isObject(item)) return `${name} is ${nameOf(item)}: a message is an object with role and content.`;
  if ('from' in item && 'value' in item) return `${name} has from and value (ShareGPT): rename them to role and content.`;
  if (typeof item['role'] !== 'string') return `${name}.role ${'role' in item ? `is ${nameOf(item['role'])}` : 'is missing'}: it must be text such as "user".`;
  return `${name}.content ${'content' in item ? `is ${nameOf(item['content'])}` : 'is missing'}: it must be text.`;
}

function mixed(value: JsonObject): ShapeProblem {
  const kind = (side: Side): string => (Array.isArray(value[side]) ? 'messages' : 'text');
  if (kind('chosen') !== kind('rejected')) {
    return { code: 'mixed-shape', side: 'rejected', message: `chosen is ${kind('chosen')}, rejected is ${kind('rejected')}: both must be the same.` };
  }
  const hint = kind('prompt') === 'text' ? ' and the text is no turn of both lists' : '';
  return { code: 'mixed-shape', side: 'prompt', message: `prompt is ${kind('prompt')}, the answers are ${kind('chosen')}${hint}: use the same for all three.` };
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return { string: 'text', number: 'a number', boolean: 'true or false', object: 'an object' }[typeof value as 'string'] ?? typeof value;
}
