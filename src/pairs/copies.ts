import { checkedRow } from './checkedRow';
import { textOf } from './formats/text';
import { type JsonObject, sameJson } from './json';
import { kindOfKey } from './keyLists';
import type { Message } from './pair';
import type { Reading } from './reading';
import { type PairOrJudged, pairOf } from './readPair';
import { formatKeys } from './formatKeys';

/**
 * Updates the columns that are copies of the prompt or an answer. In UltraFeedback, `messages` repeats the chosen list
 * and `question` repeats the prompt; when the pair is edited, they must change with it. Columns that hold anything else
 * stay as they are, and `checkRow` reports them.
 *
 * @param old the row before the edit, which shows what each column was a copy of
 * @param next the row after the edit
 * @param reading how both are read
 * @returns `next` with its copies updated
 */
export function withCopies(old: JsonObject, next: JsonObject, reading: Reading): JsonObject {
  const [before, after] = [pairOf(old, reading), pairOf(next, reading)];
  if (!isEdited(before) || !isEdited(after)) return next;
  const keys = formatKeys(before);
  const copied = [...copyableParts(before)];
  const parts = copyableParts(after);
  const fresh = Object.keys(next).flatMap((key): [string, unknown][] => {
    if (keys.includes(key) || !mayCopy(key) || !sameJson(old[key], next[key])) return [];
    const part = copied.find(([form, value]) => parts.has(form) && sameJson(value, old[key]));
    return part ? [[key, parts.get(part[0])]] : [];
  });
  return { ...next, ...Object.fromEntries(fresh) };
}

function isEdited(result: ReturnType<typeof pairOf>): result is PairOrJudged {
  return result.kind === 'pair' || result.kind === 'judged';
}

function mayCopy(key: string): boolean {
  const kind = kindOfKey(key);
  return kind === 'question' || kind === 'content' || kind === 'context';
}

/** The values that a column may copy, in each form that a tool might write. An empty text or list is never a copy. */
function copyableParts(result: PairOrJudged): Map<string, unknown> {
  const { prompt, answers } = checkedRow(result);
  const { value } = result;
  const parts: [string, unknown][] = [
    ['prompt column', value['prompt']],
    ...sideForms('prompt', prompt),
    ...answers.flatMap(({ field, turns }): [string, unknown][] => [
      [`${field} column`, value[field]],
      ...sideForms(field, turns),
      [`prompt and ${field}`, plain([...prompt, ...turns])],
    ]),
    ['question', prompt.findLast(({ role }) => role === 'user')?.content],
  ];
  return new Map(parts.filter(([, part]) => part !== '' && part !== undefined && !sameJson(part, [])));
}

function sideForms(side: string, turns: readonly Message[]): [string, unknown][] {
  return [
    [`${side} turns`, turns],
    [`${side} text`, textOf(turns)],
  ];
}

/** Turns with role and content only, as many tools write them. */
function plain(turns: readonly Message[]): readonly Message[] {
  return turns.map(({ role, content }) => ({ role, content }));
}
