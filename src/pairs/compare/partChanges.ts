import { type JsonObject, sameJson } from '../json';
import { keysOf } from '../keysOf';
import type { Message } from '../pair';
import type { PairResult } from '../readPair';

/** A part of a row before and after. */
export interface PartChange {
  /** `columns`: other keys as JSON; `row`: the whole row, if it holds no pair or is read in another format. */
  readonly part: 'prompt' | 'chosen' | 'rejected' | 'completion' | 'columns' | 'row';
  readonly before: string;
  readonly after: string;
}

/** A row, read. */
export interface ComparedRow {
  readonly line: string;
  readonly result: PairResult;
}

/** What differs between two rows, as texts to show side by side; the whole rows if it is in none of their texts. */
export function partChanges(before: ComparedRow, after: ComparedRow): readonly PartChange[] {
  const [old, now] = [textsOf(before.result), textsOf(after.result)];
  const names = Object.keys(now) as (keyof Texts)[];
  if (!sameJson(Object.keys(old), names)) return [{ part: 'row', before: asJson(before), after: asJson(after) }];
  const texts = names.flatMap((part): PartChange[] => {
    const [was, is] = [old[part] ?? '', now[part] ?? ''];
    return was === is ? [] : [{ part, before: was, after: is }];
  });
  const columns = otherKeys(before.result, after.result);
  const found = columns === null ? texts : [...texts, columns];
  return found.length > 0 ? found : [{ part: 'row', before: asJson(before), after: asJson(after) }];
}

type Texts = Partial<Record<'prompt' | 'chosen' | 'rejected' | 'completion', string>>;

/** The texts of a pair or a judged answer; none of other rows. */
function textsOf(result: PairResult): Texts {
  if (result.kind === 'pair') {
    const { prompt, chosen, rejected } = result.pair;
    return { prompt: turnsText(prompt), chosen: turnsText(chosen), rejected: turnsText(rejected) };
  }
  if (result.kind !== 'judged') return {};
  return { prompt: turnsText(result.answer.prompt), completion: turnsText(result.answer.completion) };
}

/** A single turn is its text; several have their roles. */
function turnsText(turns: readonly Message[]): string {
  const [only] = turns;
  if (turns.length === 1 && only) return only.content;
  return turns.map(({ role, content }) => `${role}: ${content}`).join('\n\n');
}

/** The keys that the format does not read and whose values differ; null if there are none. */
function otherKeys(before: PairResult, after: PairResult): PartChange | null {
  if (!('format' in before) || !('format' in after)) return null;
  const read = new Set([...keysOf(before), ...keysOf(after)]);
  const keys = [...new Set([...Object.keys(before.value), ...Object.keys(after.value)])];
  const differing = keys.filter((key) => !read.has(key) && !sameJson(before.value[key], after.value[key]));
  if (differing.length === 0) return null;
  const of = (value: JsonObject): string =>
    JSON.stringify(Object.fromEntries(differing.flatMap((key) => (key in value ? [[key, value[key]]] : []))), null, 2);
  return { part: 'columns', before: of(before.value), after: of(after.value) };
}

/** A row as indented JSON; its text if it is not JSON. */
export function asJson({ line, result }: ComparedRow): string {
  const value: unknown = 'value' in result ? result.value : undefined;
  return value === undefined || value === null ? line : JSON.stringify(value, null, 2);
}
