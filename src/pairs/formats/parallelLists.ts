import { at, must } from '../../base/pure/must';
import type { JsonObject } from '../json';
import { problem } from '../problem';
import { type AnswersPart, type Measure, numberOf } from './answersPart';
import { turnsOf, withNumber, withTurns } from './answerTurns';

/** Answers and their values in lists side by side: `{"responses": ["4", "5"], "scores": [5, 1]}`. */
export interface ParallelLists {
  /** The keys that may hold the answers; the first that holds them is read. */
  readonly keys: readonly string[];
  /** The keys that may hold the values. A key with as many values as there are answers is preferred. */
  readonly measures: readonly Pick<Measure, 'name' | 'best'>[];
  /** The keys that may hold the names of models. */
  readonly models: readonly string[];
}

/** See {@link ParallelLists}. */
export function parallelLists({ keys, measures, models }: ParallelLists): AnswersPart {
  const found = (value: JsonObject): Found | null => {
    const key = keys.find((name) => isAnswers(value[name]));
    const list = key === undefined ? null : value[key];
    if (key === undefined || !isAnswers(list)) return null;
    const rated = measures.filter(({ name }) => isRated(value[name]));
    const measure = rated.find(({ name }) => lengthOf(value[name]) === list.length) ?? rated[0];
    const values = measure ? value[measure.name] : null;
    return measure && isRated(values) ? { key, list, measure, values } : null;
  };
  return {
    keys: [...keys, ...measures.map(({ name }) => name)],
    fits: (value) => found(value) !== null,
    refuse: (value) => {
      const { key, list, measure, values } = must(found(value), 'the list of answers');
      if (list.length === values.length) return null;
      const counts = `"${key}" has ${list.length} answers, "${measure.name}" ${values.length} values`;
      return problem('error', 'list-lengths', measure.name, `${counts}: each answer needs one, or null.`);
    },
    read: (value) => {
      const { key, list, measure, values } = must(found(value), 'the list of answers');
      const names = models.map((model) => value[model]).find((one) => lengthOf(one) === list.length);
      const answers = list.map((item, i) => ({
        turns: turnsOf(item) ?? [],
        value: numberOf(values[i]),
        model: nameAt(names, i),
      }));
      return { answers, key, measure: measure.name, best: measure.best };
    },
    write: (value, answers) => {
      const { key, list, measure, values } = must(found(value), 'the list of answers');
      const texts = list.map((item, i) => withTurns(item, at(answers, i).turns));
      const numbers = values.map((before, i) => {
        const next = at(answers, i).value;
        return numberOf(before) === next ? before : withNumber(before, next);
      });
      return { ...value, [key]: texts, [measure.name]: numbers };
    },
  };
}

interface Found {
  readonly key: string;
  readonly list: readonly unknown[];
  readonly measure: Pick<Measure, 'name' | 'best'>;
  readonly values: readonly unknown[];
}

function isAnswers(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => turnsOf(item) !== null);
}

/** Values may be missing: distilabel writes null where the judge gave none, UltraFeedback `N/A`. */
function isRated(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => numberOf(item) !== null || isMissing(item));
}

function isMissing(item: unknown): boolean {
  return item === null || item === 'N/A' || item === 'None';
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}

function nameAt(names: unknown, index: number): string | null {
  const name: unknown = Array.isArray(names) ? names[index] : null;
  return typeof name === 'string' ? name : null;
}
