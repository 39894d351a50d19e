import { checkedRow } from './checkedRow';
import { textOf } from './formats/text';
import { type JsonObject, sameJson } from './json';
import { kindOfKey } from './keyLists';
import type { Message } from './pair';
import { type PairResult, pairOf } from './readPair';

/**
 * `next` with the columns kept in step that held, in `old`, an exact copy of what was read: `messages` of
 * UltraFeedback is the chosen list once more, `question` the prompt. Columns that held something else stay;
 * `checkRow` names them.
 */
export function withCopies(old: JsonObject, next: JsonObject): JsonObject {
  const [before, after] = [pairOf(old), pairOf(next)];
  if (before.kind === 'not-a-pair' || after.kind === 'not-a-pair') return next;
  const copied = [...partsOf(before)];
  const parts = partsOf(after);
  const fresh = Object.keys(next).flatMap((key): [string, unknown][] => {
    if (before.format.keys.includes(key) || !mayCopy(key) || !sameJson(old[key], next[key])) return [];
    const part = copied.find(([, value]) => sameJson(value, old[key]));
    return part ? [[key, parts.get(part[0])]] : [];
  });
  return { ...next, ...Object.fromEntries(fresh) };
}

function mayCopy(key: string): boolean {
  const kind = kindOfKey(key);
  return kind === 'question' || kind === 'content' || kind === 'context';
}

type Read = Extract<PairResult, { kind: 'pair' | 'judged' }>;

/** What a column may be a copy of, in all forms that a tool might write; empty texts and lists are nobody's copy. */
function partsOf(result: Read): Map<string, unknown> {
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

/** Turns as a tool writes them that knows of role and content alone. */
function plain(turns: readonly Message[]): readonly Message[] {
  return turns.map(({ role, content }) => ({ role, content }));
}
