import { wrongType } from '../fieldType';
import type { Format } from '../formats/format';
import { jsonText } from '../formats/jsonText';
import type { JudgedFormat } from '../formats/judged';
import { history } from '../formats/parts';
import type { JsonObject } from '../json';
import { messagesAsText } from '../jsonText';
import { type Problem, problem } from '../problem';
import { nameOf } from '../valueNames';
import { keysOf, valueAt } from './keyPath';
import { labelOf } from './labelWords';
import { type ColumnName, columnEntries, columnTexts, isJudged, type OwnColumns } from './ownColumns';
import { ownJudged } from './ownJudged';
import { anyTurns } from './ownParts';
import { ownPairs } from './ownPairs';
import { weightIn } from './ownWeight';
import { rowView } from './rowView';

/** How rows with own columns are read: as pairs or as judged answers. */
export type OwnFormat =
  { readonly kind: 'pair'; readonly format: Format } | { readonly kind: 'judged'; readonly format: JudgedFormat };

/** The format of each mapping. It is built once and reads many rows. */
const built = new WeakMap<OwnColumns, OwnFormat>();

/** The format of rows with such columns. */
export function ownFormat(own: OwnColumns): OwnFormat {
  const known = built.get(own);
  if (known) return known;
  const format = newFormat(own);
  built.set(own, format);
  return format;
}

function newFormat(own: OwnColumns): OwnFormat {
  const { chosen, rejected } = own;
  if (isJudged(own) || chosen === undefined || rejected === undefined)
    return { kind: 'judged', format: ownJudged(own) };
  return { kind: 'pair', format: ownPairs({ ...own, chosen, rejected }) };
}

/** Columns that a row may lack. */
const optionalNames: ReadonlySet<ColumnName> = new Set(['query', 'system', 'history', 'tools', 'weight']);

/**
 * Why a row is not read with such columns, one error for each path; none if it is.
 *
 * `{"prompt": "q", "chosen": "good_reply", "rejected": "bad_reply"}` says of a row without `good_reply`:
 * `"good_reply" is missing: the chosen answer is read from it.`
 */
export function ownProblems(own: OwnColumns, value: JsonObject): Problem[] {
  const wrong = columnEntries(own).flatMap(([name, path]) => entryProblems(name, path, valueAt(value, keysOf(path))));
  if (own.weight !== undefined) wrong.push(...weightProblems(own, own.weight, value));
  if (wrong.length > 0 || ownFormat(own).format.detect(value)) return [...wrong, ...lists(own, value)];
  const paths = columnEntries(own).map(([, path]) => JSON.stringify(path));
  const message = `${paths.join(', ')} do not fit together: each must be text, a message, or a list of messages.`;
  return [problem('error', 'mixed-shape', null, message)];
}

function entryProblems(name: ColumnName, path: string, found: unknown): Problem[] {
  if ((found ?? null) === null) {
    if (optionalNames.has(name)) return [];
    const state = found === null ? 'is null' : 'is missing';
    return [of(name, 'missing-field', path, `${JSON.stringify(path)} ${state}: ${columnTexts[name]} is read from it.`)];
  }
  if (name === 'label') {
    if (labelOf(found) !== null) return [];
    const message = `${JSON.stringify(path)} is ${nameOf(found)}: a label is true or false, 1 or 0, "good" or "bad".`;
    return [of(name, 'label-not-boolean', path, message)];
  }
  const wanted = wantedOf(name, found);
  if (wanted === null) return [];
  const message = `${JSON.stringify(path)} is ${nameOf(found)}: ${columnTexts[name]} must be ${wanted}.`;
  return [of(name, 'wrong-type', path, message)];
}

/** `checkRow` checks a weight in the key `weight`. */
function weightProblems(own: OwnColumns, path: string, value: JsonObject): Problem[] {
  const weight = weightIn(own, value) ?? null;
  if (weight === null || (typeof weight === 'number' && weight >= 0)) return [];
  const message = `${JSON.stringify(path)} multiplies the row's loss, so it must be a number at least 0.`;
  return [of('weight', 'bad-weight', path, message)];
}

/** What a column must hold, if `found` is something else. */
function wantedOf(name: ColumnName, found: unknown): string | null {
  if (name === 'tools' || name === 'weight') return null;
  if (name === 'system' || name === 'query') return typeof found === 'string' ? null : 'text';
  if (name === 'history') return pastTurns.fits({ history: found }) ? null : 'a list of pairs of texts';
  const fits = anyTurns(name, 'user').fits({ [name]: found }) || wrongType(name, found).length === 0;
  return fits ? null : 'text, a message with role and content, or a list of messages';
}

const pastTurns = history('history');

/** Lists of messages as text are read only if both answers are such lists. */
function lists(own: OwnColumns, value: JsonObject): Problem[] {
  const named = rowView(own).of(value);
  if (jsonText.detect(named)) return [];
  const paths = new Map<string, string>(columnEntries(own));
  return messagesAsText(named, [...paths.keys()]).map((one) => {
    const path = paths.get(String(one.field)) ?? String(one.field);
    return { ...one, field: path, message: one.message.replace(JSON.stringify(one.field), JSON.stringify(path)) };
  });
}

function of(name: ColumnName, code: string, path: string, message: string): Problem {
  return { ...problem('error', code, name, message), field: path };
}
