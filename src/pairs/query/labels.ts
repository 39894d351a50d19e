import { textOf } from '../formats/text';
import type { IgnoredProblem } from '../marks/ignore';
import type { Pair } from '../pair';
import type { PairResult } from '../readPair';
import { ignoredProblems, rowProblems } from '../rowReport';
import { wordsOf } from '../sideColumns';
import { tokenLabels } from '../tokens/rowTokens';
import { pairsToQuery, parsedRow, type QueriedRow, textsIn, tokensOf } from './queriedRow';
import { anyIgnored } from './anyIgnored';
import { scriptOf } from './scriptOf';
import { must } from '../../base/pure/must';
import { isRecord } from '../../base/pure/isRecord';

/** The fields whose texts are few in a file, so that they can be counted and offered. */
export type LabelField =
  | ('model' | 'source' | 'format' | 'kind' | 'label' | 'tie' | 'script' | 'lang' | 'problem' | 'severity' | 'ignored')
  /** These need the tokens of the row. */
  | ('cut' | 'dropped');

/** The texts of such a field in a row, each once, sorted. */
export function labelsOf(row: QueriedRow, field: LabelField): readonly string[] {
  const found = [...new Set(read(row, field))];
  return found.length > 1 ? found.sort() : found;
}

function read(row: QueriedRow, field: LabelField): readonly string[] {
  const { result, levels, ignoredIn } = row;
  switch (field) {
    case 'model':
      return modelsOf(row);
    case 'source':
      return columns(row, (key) => sourceKeys.has(key.toLowerCase()));
    case 'format':
      return 'format' in result ? [result.format.id] : [];
    case 'kind':
      return result.kind === 'blank' ? [] : [kindOf(result)];
    case 'label':
      return result.kind === 'judged' ? [result.answer.label ? 'good' : 'bad'] : [];
    case 'tie':
      return [pairsToQuery(result).some(({ tie }) => tie === true) ? 'yes' : 'no'];
    case 'script':
      return pairsToQuery(result).slice(0, 1).flatMap(scriptsOf);
    case 'lang':
      return pairsToQuery(result)
        .slice(0, 1)
        .flatMap((pair) => languagesOf(row, pair));
    case 'cut':
    case 'dropped':
      return tokenLabels(tokensOf(row), field);
    case 'problem':
      return rowProblems(result, levels, ignoredIn).map(({ code }) => code);
    case 'severity':
      return rowProblems(result, levels, ignoredIn).map(({ severity }) => severity);
    case 'ignored':
      return ignoredLabels(ignoredProblems(result, levels, ignoredIn));
  }
}

/** The texts of the field `ignored`: the ignored rules, and `any` if there is one. */
export function ignoredLabels(problems: readonly IgnoredProblem[]): readonly string[] {
  return problems.length === 0 ? [] : [...problems.map(({ code }) => code), anyIgnored];
}

/** The languages of the answers of a pair. */
function languagesOf({ languageOf }: QueriedRow, { chosen, rejected }: Pair): string[] {
  const of = must(languageOf, 'the detector of languages');
  return [chosen, rejected].filter((turns) => turns.length > 0).map((turns) => of(textOf(turns)));
}

/** The scripts of the answers of a pair. */
function scriptsOf({ chosen, rejected }: Pair): string[] {
  return [chosen, rejected].filter((turns) => turns.length > 0).map((turns) => scriptOf(textOf(turns)));
}

function kindOf({ kind }: PairResult): string {
  return kind === 'pair' || kind === 'judged' || kind === 'list' ? kind : 'unusable';
}

const sourceKeys: ReadonlySet<string> = new Set([
  'source',
  'sources',
  'dataset',
  'dataset_name',
  'data_source',
  'origin',
  'subset',
]);
const modelWords: ReadonlySet<string> = new Set(['model', 'models', 'generator']);
/** Words of keys that name a model which judged the answers and did not write them. */
const judgeWords: ReadonlySet<string> = new Set(['reward', 'judge', 'annotator', 'score', 'rating']);

function modelsOf(row: QueriedRow): readonly string[] {
  const { result } = row;
  const ofAnswers = result.kind === 'list' ? result.list.answers.flatMap(({ model }) => model ?? []) : [];
  const isModel = (key: string): boolean => {
    const words = wordsOf(key);
    return words.some((word) => modelWords.has(word)) && !words.some((word) => judgeWords.has(word));
  };
  return [...ofAnswers, ...columns(row, isModel)];
}

/** The texts of the columns with some keys. */
function columns(row: QueriedRow, isMeant: (key: string) => boolean): readonly string[] {
  const value = parsedRow(row);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, texts]) =>
    isMeant(key) && (typeof texts === 'string' || isListOfTexts(texts)) ? textsIn(texts) : [],
  );
}

function isListOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
