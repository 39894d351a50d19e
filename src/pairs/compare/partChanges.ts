import { sameJson } from '../json';
import { formatKeys } from '../formatKeys';
import type { Message } from '../pair';
import type { PairResult } from '../readPair';
import { keysAsJson, rowAsJson } from '../rowJson';

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
  if (!sameJson(Object.keys(old), names))
    return [{ part: 'row', before: rowAsJson(before.line).trimEnd(), after: rowAsJson(after.line).trimEnd() }];
  const texts = names.flatMap((part): PartChange[] => {
    const [was, is] = [old[part] ?? '', now[part] ?? ''];
    return was === is ? [] : [{ part, before: was, after: is }];
  });
  const columns = otherKeys(before, after);
  const found = columns === null ? texts : [...texts, columns];
  return found.length > 0
    ? found
    : [{ part: 'row', before: rowAsJson(before.line).trimEnd(), after: rowAsJson(after.line).trimEnd() }];
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
function otherKeys(before: ComparedRow, after: ComparedRow): PartChange | null {
  const [old, now] = [before.result, after.result];
  if (!('format' in old) || !('format' in now)) return null;
  const read = new Set([...formatKeys(old), ...formatKeys(now)]);
  const keys = [...new Set([...Object.keys(old.value), ...Object.keys(now.value)])];
  const differing = new Set(keys.filter((key) => !read.has(key) && !sameJson(old.value[key], now.value[key])));
  if (differing.size === 0) return null;
  const of = ({ line }: ComparedRow): string => keysAsJson(line, differing) ?? line;
  return { part: 'columns', before: of(before), after: of(after) };
}
