import { isRecord } from '../../base/pure/isRecord';
import { isMessage, isMessageList } from '../formats/messages';
import type { JsonObject } from '../json';
import { kindOfKey } from '../keyLists';
import { namesBetter, namesWorse } from '../sideWords';
import { keysOf, pathOf } from './keyPath';
import { labelOf } from './labelWords';
import { asColumns, type OwnColumns } from './ownColumns';

/** A key path of a file's rows, with what its values are. */
export interface FoundPath {
  readonly path: string;
  /**
   * `turns`: texts or messages. `word`: texts that may be labels, such as "good". `flag`: true and false, 1 and 0.
   * `number`: other numbers.
   */
  readonly kind: 'turns' | 'word' | 'flag' | 'number';
  /** A value, as one line of text. */
  readonly example: string;
}

const maxDepth = 5;
/** The most items of a list that are read. Files with more answers need a pair rule, not columns. */
const maxItems = 4;
const maxPaths = 200;
const maxExample = 200;

/** The paths of texts, messages, labels and numbers in some rows, in the order in which they occur. */
export function pathsIn(rows: readonly JsonObject[]): readonly FoundPath[] {
  const found = new Map<string, FoundPath>();
  const walk = (value: unknown, keys: readonly string[]): void => {
    if (found.size >= maxPaths) return;
    const kind = keys.length === 0 ? null : kindOf(value);
    const path = pathOf(keys);
    if (kind !== null) add(found, path, kind, value);
    if (kind !== null || keys.length >= maxDepth) return;
    if (Array.isArray(value)) value.slice(0, maxItems).forEach((item, i) => walk(item, [...keys, String(i)]));
    else if (isRecord(value)) for (const [key, item] of Object.entries(value)) walk(item, [...keys, key]);
  };
  for (const row of rows) walk(row, []);
  return [...found.values()];
}

/** Adds a value of a path. A path holds labels only if all its values are labels. */
function add(found: Map<string, FoundPath>, path: string, kind: FoundPath['kind'], value: unknown): void {
  const before = found.get(path);
  if (!before) found.set(path, { path, kind, example: exampleOf(value) });
  else if (before.kind === 'word' || before.kind === 'flag') found.set(path, { ...before, kind });
}

/**
 * The columns that the names of the paths suggest; null if they suggest no answers.
 *
 * `{"frage": "…", "good_reply": "…", "bad_reply": "…"}` suggests
 * `{"prompt": "frage", "chosen": "good_reply", "rejected": "bad_reply"}`.
 */
export function suggestColumns(paths: readonly FoundPath[]): OwnColumns | null {
  const turns = paths
    .filter(({ kind, path }) => (kind === 'turns' || kind === 'word') && !isAbout(path))
    .map(({ path }) => path);
  const rejected = turns.find(namesWorse);
  const chosen = turns.find((path) => !namesWorse(path) && namesBetter(path));
  if (chosen !== undefined && rejected !== undefined)
    return asColumns({ ...promptOf(turns, [chosen, rejected]), chosen, rejected });
  const label = paths.find(({ kind, path }) => (kind === 'word' || kind === 'flag') && !isAbout(path))?.path;
  const completion = turns.find((path) => /(?:answer|response|output|completion|reply|generation)$/i.test(path));
  if (label === undefined || completion === undefined) return null;
  return asColumns({ ...promptOf(turns, [completion, label]), completion, label });
}

/** The prompt by its name, or because no other path is left; the system prompt by its name. */
function promptOf(turns: readonly string[], taken: readonly string[]): OwnColumns {
  const free = turns.filter((path) => !taken.includes(path));
  const system = free.find((path) => /^sys/i.test(lastKey(path)));
  const rest = free.filter((path) => path !== system);
  const asked = rest.find((path) => kindOfKey(lastKey(path)) === 'question');
  const prompt = asked ?? (rest.length === 1 ? rest[0] : undefined);
  return { ...(prompt === undefined ? {} : { prompt }), ...(system === undefined ? {} : { system }) };
}

/** Whether a path is metadata by its name, such as `id` or `model`. */
function isAbout(path: string): boolean {
  return kindOfKey(lastKey(path)) === 'about' && !namesWorse(path) && !namesBetter(path) && !/label/i.test(path);
}

function lastKey(path: string): string {
  const keys = keysOf(path);
  // In `question.text`, the first key says what the text is.
  const named = keys.findLast((key) => !/^(?:\d+|text|content|value)$/i.test(key));
  return named ?? path;
}

function kindOf(value: unknown): FoundPath['kind'] | null {
  if (isMessage(value) || (isMessageList(value) && value.length > 0)) return 'turns';
  if (Array.isArray(value) && value.length > 0 && value.every(isShareGpt)) return 'turns';
  const isLabel = labelOf(value) !== null;
  if (typeof value === 'string') return isLabel ? 'word' : 'turns';
  if (typeof value === 'boolean') return 'flag';
  if (typeof value !== 'number') return null;
  return isLabel ? 'flag' : 'number';
}

function isShareGpt(item: unknown): boolean {
  return isRecord(item) && typeof item['from'] === 'string' && typeof item['value'] === 'string';
}

function exampleOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.slice(0, maxExample).replaceAll(/\s+/g, ' ').trim();
}
