import { isRecord } from '../base/pure/isRecord';
import { isMessageList } from './formats/messages';
import { type JsonObject } from './json';
import { type Problem, problem } from './problem';
import { nameOf } from './valueNames';

/** An error if a value is neither text nor a list of messages. It says what the value is, and what to write. */
export function wrongType(field: string, value: unknown): Problem[] {
  if (typeof value === 'string' || isMessageList(value)) return [];
  return [problem('error', 'wrong-type', field, Array.isArray(value) ? inList(field, value) : notText(field, value))];
}

function notText(field: string, value: unknown): string {
  return `"${field}" is ${nameOf(value)}: it must be text or a list of messages.${objectHint(value)}`;
}

function objectHint(value: unknown): string {
  if (!isRecord(value)) return '';
  if (isShareGpt(value))
    return ' It has from and value (ShareGPT): rename them to role and content, and put the message into a list.';
  return 'role' in value || 'content' in value
    ? ' Put a single message into a list.'
    : ' If one of its texts is the answer, write only that text.';
}

function isShareGpt(item: JsonObject): boolean {
  return 'from' in item && 'value' in item;
}

function inList(field: string, list: readonly unknown[]): string {
  if (list.every((item) => typeof item === 'string')) {
    return `"${field}" is a list of texts: it must be one text, or a list of messages.`;
  }
  const index = list.findIndex((item) => !isMessageList([item]));
  const item = list[index];
  const name = `${field}[${index}]`;
  if (!isRecord(item)) return `${name} is ${nameOf(item)}: a message is an object with role and content.`;
  if (isShareGpt(item)) return `${name} has from and value (ShareGPT): rename them to role and content.`;
  if (typeof item['role'] !== 'string') {
    return `${name}.role ${lack('role', item)}: it must be text such as "user".`;
  }
  return `${name}.content ${lack('content', item)}: it must be text.${partsHint(item['content'])}`;
}

function lack(key: string, item: JsonObject): string {
  return key in item ? `is ${nameOf(item[key])}` : 'is missing';
}

function partsHint(content: unknown): string {
  if (!Array.isArray(content) || content.length === 0) return '';
  const other = content.find((part) => isRecord(part) && part['type'] !== undefined && part['type'] !== 'text');
  if (isRecord(other))
    return ` It holds a part of type "${String(other['type']).slice(0, 40)}", and Margin trains on text alone.`;
  return ' Join its parts into one text.';
}
