import { isRecord } from '../base/pure/isRecord';
import type { AnswerList } from './answerList';
import type { Message, Pair } from './pair';

/**
 * The text whose hash identifies a pair: JSON of its style, its messages with all their fields, and its tools, with
 * object keys sorted. Two lines with the same content give the same text, whatever their format, key order or spacing.
 *
 * A plain pair "Hi" / "Hello!" / "No." gives
 * `["plain",[{"content":"Hi","role":"user"}],[{"content":"Hello!","role":"assistant"}],[…],null]`.
 */
export function canonicalText(pair: Pair): string {
  return canonicalTexts(pair).own;
}

/**
 * The {@link canonicalText} of a pair, and that of the pair with its answers exchanged; one call is quicker than two.
 */
export function canonicalTexts(pair: Pair): { readonly own: string; readonly exchanged: string } {
  const [chosen, rejected] = [turnsText(pair.chosen), turnsText(pair.rejected)];
  const tools = JSON.stringify(sorted(pair.tools ?? null));
  const [start, end] = [`[${JSON.stringify(pair.style)},${turnsText(pair.prompt)}`, `${tools}]`];
  return { own: [start, chosen, rejected, end].join(','), exchanged: [start, rejected, chosen, end].join(',') };
}

/** The text whose hash identifies a list of answers: JSON of its style, prompt, answers with values, and tools. */
export function canonicalList({ style, prompt, answers, best, tools }: AnswerList): string {
  return JSON.stringify(
    sorted([style, prompt, answers.map(({ turns, value }) => [turns, value]), best, tools ?? null]),
  );
}

function turnsText(turns: readonly Message[]): string {
  return `[${turns.map(turnText).join(',')}]`;
}

/** Most turns have no other fields, and are written without a sorted copy. */
function turnText(turn: Message): string {
  if (Object.keys(turn).length > 2) return JSON.stringify(sorted(turn));
  return `{"content":${JSON.stringify(turn.content)},"role":${JSON.stringify(turn.role)}}`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  const entries = Object.keys(value)
    .sort()
    .map((key) => [key, sorted(value[key])]);
  return Object.fromEntries(entries);
}
