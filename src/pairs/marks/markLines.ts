import { isRecord } from '../../base/pure/isRecord';
import type { JsonObject } from '../json';
import type { Ignore } from './ignore';
import { type EditRecord, type Mark, type Strength, type Verdict, verdicts, widestDimension } from './mark';

/** What a line of a marks file holds. */
export type MarkLine =
  | { readonly kind: 'mark'; readonly mark: Mark }
  | { readonly kind: 'edit'; readonly edit: EditRecord }
  | { readonly kind: 'ignore'; readonly ignore: Ignore }
  /** A record of another program or a later version. */
  | { readonly kind: 'unknown'; readonly name: string }
  /** `fault` says what is wrong with the line and how to fix it. */
  | { readonly kind: 'damaged'; readonly fault: string };

const knownFields: ReadonlySet<string> = new Set([
  'kind',
  'key',
  'verdict',
  'strength',
  'dimensions',
  'tags',
  'note',
  'flag',
  'skipped',
  'first',
  'blind',
  'adjudicates',
  'by',
  'at',
]);

class Fault extends Error {}

/** Reads a line of a marks file. It throws nothing: a damaged line is named, and left as it is. */
export function readMarkLine(line: string): MarkLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { kind: 'damaged', fault: 'it is not JSON; complete it or delete it' };
  }
  if (!isRecord(value)) return { kind: 'damaged', fault: 'it is not a JSON object; delete it' };
  try {
    if (value.kind === 'mark') return { kind: 'mark', mark: readMark(value) };
    if (value.kind === 'edit') return { kind: 'edit', edit: readEdit(value) };
    if (value.kind === 'ignore') return { kind: 'ignore', ignore: readIgnore(value) };
  } catch (error) {
    if (error instanceof Fault) return { kind: 'damaged', fault: error.message };
    throw error;
  }
  if (typeof value.kind === 'string') return { kind: 'unknown', name: value.kind };
  return { kind: 'damaged', fault: 'it has no "kind"; write "mark", "edit" or "ignore"' };
}

/** A mark as a line without its line end. Fields that say nothing are left out. */
export function markLine(mark: Mark): string {
  const { key, verdict, strength, dimensions, tags, note, flag, skipped, first, blind, adjudicates, by, at, extra } =
    mark;
  return JSON.stringify({
    kind: 'mark',
    key,
    verdict,
    strength,
    ...(Object.keys(dimensions).length > 0 ? { dimensions } : {}),
    ...(tags.length > 0 ? { tags } : {}),
    ...(note === '' ? {} : { note }),
    ...(flag ? { flag } : {}),
    ...(skipped ? { skipped } : {}),
    ...(first === null ? {} : { first }),
    blind,
    ...(adjudicates ? { adjudicates } : {}),
    by,
    at,
    ...extra,
  });
}

/** An edit as a line without its line end. */
export function editLine({ key, to, action, before, after, swapped, by, at }: EditRecord): string {
  return JSON.stringify({ kind: 'edit', key, to, action, before, after, ...(swapped ? { swapped } : {}), by, at });
}

/** A record that a rule is ignored in a row, or reported again, as a line without its line end. */
export function ignoreLine({ key, rule, ignored, by, at, extra }: Ignore): string {
  return JSON.stringify({ kind: 'ignore', key, rule, ignored, by, at, ...extra });
}

function readMark(value: JsonObject): Mark {
  const { dimensions = {}, tags = [], note = '' } = value;
  if (typeof note !== 'string') throw new Fault('its "note" is not a text');
  if (!isTexts(tags)) throw new Fault('its "tags" are not a list of texts, such as ["code"]');
  return {
    key: keyIn(value, 'key'),
    verdict: verdictIn(value),
    strength: strengthIn(value),
    dimensions: dimensionsIn(dimensions),
    tags,
    note,
    flag: flagIn(value, 'flag'),
    skipped: flagIn(value, 'skipped'),
    first: firstIn(value),
    blind: flagIn(value, 'blind'),
    adjudicates: flagIn(value, 'adjudicates'),
    by: byIn(value),
    at: timeIn(value),
    extra: Object.fromEntries(Object.entries(value).filter(([name]) => !knownFields.has(name))),
  };
}

function readEdit(value: JsonObject): EditRecord {
  const { key = null, to = null, action = '', before = null, after = null } = value;
  return {
    key: key === null ? null : keyIn(value, 'key'),
    to: to === null ? null : keyIn(value, 'to'),
    action: typeof action === 'string' ? action : '',
    before,
    after,
    swapped: flagIn(value, 'swapped'),
    by: byIn(value),
    at: timeIn(value),
  };
}

function readIgnore(value: JsonObject): Ignore {
  const { rule, ignored } = value;
  if (typeof rule !== 'string') throw new Fault('its "rule" is not the id of a rule, such as "refusal"');
  if (typeof ignored !== 'boolean') throw new Fault('its "ignored" is not true or false');
  const known = new Set(['kind', 'key', 'rule', 'ignored', 'by', 'at']);
  const extra = Object.fromEntries(Object.entries(value).filter(([name]) => !known.has(name)));
  return { key: keyIn(value, 'key'), rule, ignored, by: byIn(value), at: timeIn(value), extra };
}

function keyIn(value: JsonObject, name: 'key' | 'to'): string {
  const key = value[name];
  if (typeof key === 'string' && /^[0-9a-f]{16}$/.test(key)) return key;
  throw new Fault(`its "${name}" is not 16 hexadecimal digits, so nothing says which pair it is about; delete it`);
}

function verdictIn({ verdict = null }: JsonObject): Verdict | null {
  const found = verdicts.find((one) => one === verdict);
  if (found !== undefined || verdict === null) return found ?? null;
  throw new Fault(`its "verdict" is ${JSON.stringify(verdict)}; write ${verdicts.join(', ')} or null`);
}

function strengthIn({ strength = null }: JsonObject): Strength | null {
  if (strength === null || strength === 1 || strength === 2 || strength === 3) return strength;
  throw new Fault(`its "strength" is ${JSON.stringify(strength)}; write 1, 2, 3 or null`);
}

function dimensionsIn(value: unknown): Readonly<Record<string, number>> {
  const wrong = 'its "dimensions" are not whole numbers from -2 to 2, such as {"helpful": 1}';
  if (!isRecord(value)) throw new Fault(wrong);
  const read = Object.entries(value).map(([name, size]) => {
    if (typeof size !== 'number' || !Number.isInteger(size) || Math.abs(size) > widestDimension) throw new Fault(wrong);
    return [name, size] as const;
  });
  return Object.fromEntries(read);
}

function firstIn({ first = null }: JsonObject): Mark['first'] {
  if (first === null || first === 'chosen' || first === 'rejected') return first;
  throw new Fault(`its "first" is ${JSON.stringify(first)}; write "chosen" or "rejected", or leave it out`);
}

function flagIn(value: JsonObject, name: 'flag' | 'skipped' | 'blind' | 'adjudicates' | 'swapped'): boolean {
  const { [name]: flag = false } = value;
  if (typeof flag === 'boolean') return flag;
  throw new Fault(`its "${name}" is ${JSON.stringify(flag)}; write true or false`);
}

function byIn({ by = '' }: JsonObject): string {
  if (typeof by === 'string') return by;
  throw new Fault('its "by" is not a text: the name of the reviewer, or empty');
}

function timeIn({ at }: JsonObject): string {
  if (typeof at === 'string' && Number.isFinite(Date.parse(at))) return at;
  throw new Fault('its "at" is not a time, such as "2026-11-29T12:00:00Z"');
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
