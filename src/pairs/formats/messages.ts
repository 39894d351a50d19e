import { isRecord } from '../../base/pure/isRecord';
import { type JsonObject, sameJson } from '../json';
import type { Message } from '../pair';
import { alignTurns } from './alignTurns';

/**
 * Whether a value is a message as TRL accepts it: a role and text. Only a message with `tool_calls` may have no content
 * (TRL, "Dataset formats and types", tool calling).
 */
export function isMessage(value: unknown): boolean {
  if (!isRecord(value) || typeof value['role'] !== 'string') return false;
  if (typeof value['content'] === 'string' || isParts(value['content'])) return true;
  return (value['content'] ?? null) === null && Array.isArray(value['tool_calls']);
}

/** Whether a message calls tools. Many files have a null or empty `tool_calls` in each message, which is not a call. */
export function callsTools(message: object): boolean {
  const calls: unknown = 'tool_calls' in message ? message.tool_calls : null;
  return Array.isArray(calls) ? calls.length > 0 : isRecord(calls);
}

/** Whether a value is a list of messages; see {@link isMessage}. */
export function isMessageList(value: unknown): value is readonly JsonObject[] {
  return Array.isArray(value) && value.every(isMessage);
}

/**
 * The messages of a list, with all their fields: chat templates read `name`, `tool_calls` and others. A message without
 * content gets an empty one. A value that is not a list of messages gives none.
 */
export function readMessages(list: unknown): Message[] {
  return isMessageList(list) ? list.map(readMessage) : [];
}

function readMessage(message: JsonObject): Message {
  return { ...message, role: String(message['role']), content: contentOf(message) };
}

/**
 * The messages of a row with new turns. An unchanged message stays the same object, so that `writeLine` keeps its text.
 *
 * @param list the messages of the row before
 * @param messages the turns to write
 */
export function writeMessages(list: unknown, messages: readonly Message[]): readonly unknown[] {
  const old = isMessageList(list) ? list : [];
  return alignTurns(old, messages, readMessage).map(({ turn, before, same }) => {
    if (before === undefined) return turn;
    if (same) return before;
    const content = contentOf(before) === turn.content ? before['content'] : contentLike(before, turn.content);
    return { ...before, role: turn.role, ...(content === undefined ? {} : { content }) };
  });
}

/**
 * How many messages at the start both sides share, as in TRL's `extract_prompt`. If one list is the start of the other,
 * the last shared message belongs to the answers.
 */
export function sharedMessages(chosen: readonly unknown[], rejected: readonly unknown[]): number {
  const shorter = Math.min(chosen.length, rejected.length);
  for (let i = 0; i < shorter; i++) if (!sameJson(chosen[i], rejected[i])) return i;
  return Math.max(0, shorter - 1);
}

/** OpenAI's parts hold `text`, those of LLaMA-Factory v1 `value`. */
interface TextPart extends JsonObject {
  readonly type: 'text';
  readonly text?: string;
  readonly value?: string;
}

/**
 * Whether a content is a list of parts with at least one text: `[{"type": "image"}, {"type": "text", "text": "2 +
 * 2?"}]`.
 */
function isParts(content: unknown): content is readonly JsonObject[] {
  if (!Array.isArray(content)) return false;
  return content.some(isTextPart) && content.every((part) => isTextPart(part) || isMediaPart(part));
}

function isTextPart(part: unknown): part is TextPart {
  return isRecord(part) && part['type'] === 'text' && typeof (part['text'] ?? part['value']) === 'string';
}

/** Whether a part is an image, a sound, a video or a file, which a text model cannot read. */
export function isMediaPart(part: unknown): part is JsonObject & { readonly type: string } {
  return isRecord(part) && typeof part['type'] === 'string' && /image|audio|video|file|document/.test(part['type']);
}

function contentOf({ content }: JsonObject): string {
  if (!isParts(content)) return typeof content === 'string' ? content : '';
  const texts = content.filter(isTextPart).map((part) => part.text ?? part.value);
  return texts.join('');
}

/**
 * A new text in the form that the message has. In a list of parts, the first text part gets the whole text, and media
 * parts stay.
 */
function contentLike({ content: old }: JsonObject, content: string): unknown {
  if (!isParts(old)) return content;
  const first = old.findIndex(isTextPart);
  return old.flatMap((part, i) => {
    if (!isTextPart(part)) return [part];
    return i === first ? [{ ...part, [part.text === undefined ? 'value' : 'text']: content }] : [];
  });
}
