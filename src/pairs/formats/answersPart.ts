import { isRecord } from '../../base/pure/isRecord';
import { at, must } from '../../base/pure/must';
import type { AnswerList } from '../answerList';
import type { JsonObject } from '../json';
import type { Problem } from '../problem';
import { turnsOf, withNumber, withTurnsIn, type WrittenAnswer } from './answerTurns';

/** Where a row keeps a list of answers with their scores or ranks. */
export interface AnswersPart {
  /** The keys of the row that it reads. */
  readonly keys: readonly string[];
  /** Whether the row has answers of which at least one has a score or rank. */
  fits(value: JsonObject): boolean;
  refuse(value: JsonObject): Problem | null;
  read(value: JsonObject): Pick<AnswerList, 'answers' | 'key' | 'measure' | 'best'>;
  /** The row with the turns and values of `answers`, as many as {@link read} gives. What has not changed stays. */
  write(value: JsonObject, answers: readonly WrittenAnswer[]): JsonObject;
}

/** A score or a rank of an answer. */
export interface Measure {
  /** Its key, or what people call it. */
  readonly name: string;
  readonly best: AnswerList['best'];
  of(answer: JsonObject): number | null;
  /** The answer with another number. Left out if the number is computed from several. */
  readonly write?: (answer: JsonObject, value: number | null) => JsonObject;
}

/** Answers as objects that hold their text and their score: `{"answers": [{"text": "4", "score": 5}]}`. */
export interface Objects {
  /** The keys that may hold the list; the first that holds one is read. */
  readonly keys: readonly string[];
  /** The keys of the objects that may hold the text. */
  readonly texts: readonly string[];
  /** The first that all answers have is read; if there is none, the first that any answer has. */
  readonly measures: readonly Measure[];
  /** Whether an empty list is such a list too. */
  readonly mayBeEmpty?: boolean;
}

/** See {@link Objects}. */
export function objects({ keys, texts, measures, mayBeEmpty = false }: Objects): AnswersPart {
  const holds = (item: unknown): item is JsonObject =>
    isRecord(item) && texts.some((key) => turnsOf(item[key]) !== null);
  const measureOf = (list: readonly JsonObject[]): Measure | undefined =>
    measures.find(({ of }) => list.every((item) => of(item) !== null)) ??
    measures.find(({ of }) => list.some((item) => of(item) !== null));
  const found = (value: JsonObject): readonly [string, readonly JsonObject[], Measure] | null => {
    for (const key of keys) {
      const list = value[key];
      if (!Array.isArray(list) || !list.every(holds) || (list.length === 0 && !mayBeEmpty)) continue;
      const measure = measureOf(list);
      if (measure) return [key, list, measure];
    }
    return null;
  };
  return {
    keys,
    fits: (value) => found(value) !== null,
    refuse: () => null,
    read: (value) => {
      const [key, list, { name, best, of }] = must(found(value), 'the list of answers');
      const answers = list.map((item) => ({
        turns: texts.map((text) => turnsOf(item[text])).find((turns) => turns !== null) ?? [],
        value: of(item),
        model: modelOf(item),
      }));
      return { answers, key, measure: name, best };
    },
    write: (value, answers) => {
      const [key, list, { of, write = same }] = must(found(value), 'the list of answers');
      const written = list.map((item, i) => {
        const answer = at(answers, i);
        const next = withTurnsIn(item, texts, answer.turns);
        return of(item) === answer.value ? next : write(next, answer.value);
      });
      return { ...value, [key]: written };
    },
  };
}

function same(answer: JsonObject): JsonObject {
  return answer;
}

const modelKeys = ['model', 'model_name', 'source'];

function modelOf(answer: JsonObject): string | null {
  const model = modelKeys.map((key) => answer[key]).find((name) => typeof name === 'string');
  return model ?? null;
}

/** A score under a key of an answer: the higher, the better. */
export function score(key: string): Measure {
  return { name: key, best: 'highest', of: (answer) => numberOf(answer[key]), write: numberUnder(key) };
}

/** A rank under a key of an answer: the lower, the better. */
export function rank(key: string): Measure {
  return { name: key, best: 'lowest', of: (answer) => numberOf(answer[key]), write: numberUnder(key) };
}

function numberUnder(key: string): NonNullable<Measure['write']> {
  return (answer, value) => ({ ...answer, [key]: withNumber(answer[key], value) });
}

/** A number, or one written as text; null for anything else, such as `N/A`. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}
