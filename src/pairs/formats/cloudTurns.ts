import { isRecord } from '../../base/pure/isRecord';
import type { JsonObject } from '../json';
import type { Message } from '../pair';
import { alignTurns } from './alignTurns';

/** How a cloud service writes a turn: its role, and a list of parts with texts. */
export interface CloudTurns {
  /** The key of the parts: `content` in Bedrock, `parts` in Vertex. */
  readonly parts: 'content' | 'parts';
  /** The name of the role `assistant`. */
  readonly assistant: 'assistant' | 'model';
}

/** Whether a value is a list of parts that are all texts: `[{"text": "2 + 2?"}]`. */
export function isTextParts(value: unknown): value is readonly JsonObject[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((one) => isRecord(one) && typeof one['text'] === 'string')
  );
}

/** The text of a list of parts. */
export function partsText(parts: unknown): string {
  return isTextParts(parts) ? parts.map(({ text }) => String(text)).join('') : '';
}

/** The parts with another text: the first part holds it. The same list if the text is the same. */
export function withPartsText(parts: unknown, text: string): unknown {
  if (partsText(parts) === text && isTextParts(parts)) return parts;
  return [{ ...(isTextParts(parts) ? parts[0] : {}), text }];
}

/** Whether a value is a list of turns of a service, of which none calls a tool or shows an image. */
export function isCloudTurns(list: unknown, { parts, assistant }: CloudTurns): list is readonly JsonObject[] {
  const isTurn = (turn: unknown): boolean =>
    isRecord(turn) && (turn['role'] === 'user' || turn['role'] === assistant) && isTextParts(turn[parts]);
  return Array.isArray(list) && list.length > 0 && list.every(isTurn);
}

/** The turns of such a list. */
export function readCloudTurns(list: readonly JsonObject[], kind: CloudTurns): Message[] {
  return list.map((turn) => readTurn(turn, kind));
}

/** The list with other turns. What has not changed stays. */
export function writeCloudTurns(
  list: readonly JsonObject[],
  turns: readonly Message[],
  kind: CloudTurns,
): readonly JsonObject[] {
  const read = (turn: JsonObject): Message => readTurn(turn, kind);
  return alignTurns(list, turns, read).map(({ turn, before, same }) => {
    if (before && same) return before;
    const role = turn.role === 'assistant' ? kind.assistant : turn.role;
    return { ...before, role, [kind.parts]: withPartsText(before?.[kind.parts], turn.content) };
  });
}

function readTurn(turn: JsonObject, { parts, assistant }: CloudTurns): Message {
  return { role: turn['role'] === assistant ? 'assistant' : 'user', content: partsText(turn[parts]) };
}
