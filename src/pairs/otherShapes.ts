import { isRecord } from '../base/pure/isRecord';
import { type JsonObject } from './json';
import { kindOfKey } from './keyLists';
import { wordsOf } from './sideColumns';

/**
 * Words by which tools name the better and the worse answer; the longer ones first, since "non preferred" holds
 * "preferred".
 */
const worse = [
  'rejected',
  'non preferred',
  'nonpreferred',
  'dispreferred',
  'unpreferred',
  'not preferred',
  'loser',
  'losing',
  'lose',
  'worse',
  'negative',
  'bad',
  'worst',
];
const better = ['chosen', 'preferred', 'accepted', 'winner', 'winning', 'win', 'better', 'positive', 'good', 'best'];
const numbered =
  /^(?:response|answer|output|completion|text|reply|candidate|generation|summary)[ _-]?(?:0|1|2|a|b|j|k)$/i;

/**
 * A sentence for rows of another tool's shape: which of their keys look like what, so that they can be renamed. Null
 * where nothing looks like an answer.
 */
export function otherShape(value: JsonObject): string | null {
  const keys = Object.keys(value).filter((key) => holdsContent(value[key]));
  const names =
    (words: readonly string[]) =>
    (key: string): boolean =>
      words.some((word) => ` ${wordsOf(key).join(' ')} `.includes(` ${word} `));
  const rejected = keys.find(names(worse));
  const chosen =
    keys.find((key) => !names(worse)(key) && names(better)(key)) ??
    keys.find((key) => /^(?:response|output|answer)$/.test(key));
  if (rejected !== undefined && chosen !== undefined)
    return `${said(chosen)} and ${said(rejected)} look like the two answers: ${rename}${question(value)}.`;
  if (rejected !== undefined)
    return `${said(rejected)} looks like the worse answer: rename it to rejected, and add chosen${question(value)}.`;
  const two = keys
    .filter((key) => numbered.test(key))
    .slice(0, 2)
    .map(said);
  if (two.length === 2)
    return `${two.join(' and ')} are two answers, and another key says which is better: ${rename}${question(value)}.`;
  return listOfAnswers(value) ?? rowsInside(value);
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
    : `${said(key)} is a list of answers: write the better one as chosen, a worse one as rejected${question(value)}.`;
}

/** A whole data set on one line: `{"data": [{…}, {…}]}`. */
function rowsInside(value: JsonObject): string | null {
  const key = Object.keys(value).find((name) => kindOfKey(name) !== 'question' && rowLike(value[name]));
  return key === undefined
    ? null
    : `The rows stand inside ${said(key)}: write each on a line of its own (jq -c '.[${said(key)}][]').`;
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
  return key === undefined ? '' : `, and ${said(key)} to prompt`;
}

function said(key: string): string {
  return JSON.stringify(key.slice(0, 60));
}
