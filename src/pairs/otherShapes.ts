import { isRecord } from '../base/pure/isRecord';
import { type JsonObject } from './json';
import { kindOfKey } from './keyLists';
import { columnsText } from './own/ownColumns';
import { pathsIn, suggestColumns } from './own/suggestColumns';
import { namesBetter, namesWorse } from './sideWords';

const numbered =
  /^(?:response|answer|output|completion|text|reply|candidate|generation|summary)[ _-]?(?:0|1|2|a|b|j|k)$/i;

/**
 * For a row in the format of another tool: a sentence that says which keys look like the two answers, and how to rename
 * them. Null if no key looks like an answer.
 *
 * `{"question": "…", "winner": "…", "loser": "…"}` gives `"winner" and "loser" look like the two answers: rename them
 * to chosen and rejected, and "question" to prompt.`
 */
export function otherShape(value: JsonObject): string | null {
  const keys = Object.keys(value).filter((key) => holdsContent(value[key]));
  const rejected = keys.find(namesWorse);
  const chosen =
    keys.find((key) => !namesWorse(key) && namesBetter(key)) ??
    keys.find((key) => /^(?:response|output|answer)$/.test(key));
  if (rejected !== undefined && chosen !== undefined)
    return `${quoted(chosen)} and ${quoted(rejected)} look like the two answers: ${rename}${question(value)}.${orColumns(value)}`;
  if (rejected !== undefined)
    return `${quoted(rejected)} looks like the worse answer: rename it to rejected, and add chosen${question(value)}.`;
  const two = keys
    .filter((key) => numbered.test(key))
    .slice(0, 2)
    .map(quoted);
  if (two.length === 2)
    return `${two.join(' and ')} are two answers, and another key says which is better: ${rename}${question(value)}.`;
  return listOfAnswers(value) ?? rowsInside(value);
}

/** How to read the row without renaming its keys. */
function orColumns(value: JsonObject): string {
  const columns = suggestColumns(pathsIn([value]));
  return columns === null
    ? ''
    : ` Or keep them as own columns: Choose Format… in the editor, --columns ${columnsText(columns)} on the command line.`;
}

const rename = 'rename them to chosen and rejected';
const rowKeys = new Set([
  'prompt',
  'chosen',
  'rejected',
  'completion',
  'label',
  'question',
  'instruction',
  'input',
  'messages',
]);

function listOfAnswers(value: JsonObject): string | null {
  const key = ['output', 'outputs', 'answers', 'responses', 'completions', 'candidates', 'generations'].find((name) =>
    many(value[name]),
  );
  return key === undefined
    ? null
    : `${quoted(key)} is a list of answers: write the better one as chosen, a worse one as rejected${question(value)}.`;
}

/** A whole dataset on one line: `{"data": [{…}, {…}]}`, or one level deeper, as promptfoo's `results.results`. */
function rowsInside(value: JsonObject): string | null {
  const path = pathOfRows(value);
  return path === null
    ? null
    : `The rows are inside ${quoted(path.join('.'))}: write each on a line of its own (jq -c '.${path.map((key) => `[${quoted(key)}]`).join('')}[]').`;
}

function pathOfRows(value: JsonObject): readonly string[] | null {
  const keys = Object.keys(value).filter((name) => kindOfKey(name) !== 'question');
  const key = keys.find((name) => rowLike(value[name]));
  if (key !== undefined) return [key];
  for (const outer of keys) {
    const inside = value[outer];
    const inner = isRecord(inside) ? Object.keys(inside).find((name) => rowLike(inside[name])) : undefined;
    if (inner !== undefined) return [outer, inner];
  }
  return null;
}

function rowLike(list: unknown): boolean {
  return (
    Array.isArray(list) &&
    list.length > 0 &&
    list.every((item) => isRecord(item) && Object.keys(item).some((key) => rowKeys.has(key)))
  );
}

function many(value: unknown): boolean {
  return Array.isArray(value) && value.length > 1;
}

function holdsContent(value: unknown): boolean {
  return typeof value === 'string' || Array.isArray(value) || isRecord(value);
}

function question(value: JsonObject): string {
  if (typeof value['prompt'] === 'string' || Array.isArray(value['prompt'])) return '';
  const key = Object.keys(value).find((name) => kindOfKey(name) === 'question' && holdsContent(value[name]));
  return key === undefined ? '' : `, and ${quoted(key)} to prompt`;
}

function quoted(key: string): string {
  return JSON.stringify(key.slice(0, 60));
}
