import { isRecord } from '../../base/pure/isRecord';
import { nearest } from '../../base/pure/nearest';
import { isPath } from './keyPath';

/** What a row may hold, in the order in which people see it. `query` is a text that follows the prompt's. */
export const columnNames = [
  'prompt',
  'query',
  'system',
  'history',
  'chosen',
  'rejected',
  'completion',
  'label',
  'tools',
  'weight',
] as const;
export type ColumnName = (typeof columnNames)[number];

/** What each column holds, as a person reads it. */
export const columnTexts: Readonly<Record<ColumnName, string>> = {
  prompt: 'the prompt',
  query: 'the text after the prompt',
  system: 'the system prompt',
  history: 'the history',
  chosen: 'the chosen answer',
  rejected: 'the rejected answer',
  completion: 'the answer',
  label: 'the label',
  tools: 'the tools',
  weight: 'the weight',
};

/** How prompts and answers that are texts become tokens; see {@link PairStyle}. */
export const ownStyles = ['chat', 'plain'] as const;

/**
 * Which key of a file's rows holds what: `{"prompt": "question", "chosen": "good.text", "rejected": "bad.text"}`. The
 * values are key paths. A row has either chosen and rejected, or completion and label.
 */
export type OwnColumns = Readonly<Partial<Record<ColumnName, string>>> & {
  /** `chat` if left out: texts are turns of a chat. */
  readonly style?: (typeof ownStyles)[number];
};

/** What `columns` must be, for messages that say what it is instead. */
export const ownColumnsHint =
  'an object of key paths such as {"prompt": "question", "chosen": "good", "rejected": "bad"}';

/** Why a value is not {@link OwnColumns}, as the end of a sentence that begins with the value's name; null if it is. */
export function columnsProblem(value: unknown): string | null {
  if (!isRecord(value)) return `must be ${ownColumnsHint}`;
  for (const [name, path] of Object.entries(value)) {
    const problem = name === 'style' ? styleProblem(path) : entryProblem(name, path);
    if (problem !== null) return problem;
  }
  return pairingProblem(value) ?? plainProblem(value) ?? repeatedProblem(value);
}

/** The columns that a value of a config or a setting gives; null if {@link columnsProblem} finds a problem. */
export function asColumns(value: unknown): OwnColumns | null {
  return isColumns(value) ? value : null;
}

function isColumns(value: unknown): value is OwnColumns {
  return columnsProblem(value) === null;
}

/**
 * The columns of a text: a JSON object, or `prompt=question,chosen=good.text,rejected=bad.text`.
 *
 * @returns the columns, or what is wrong with the text as the end of a sentence that begins with its name
 */
export function parseColumns(text: string): OwnColumns | string {
  const value = text.trimStart().startsWith('{') ? parsed(text) : Object.fromEntries(text.split(',').map(entryOf));
  return asColumns(value) ?? `${String(columnsProblem(value))}, not ${text}`;
}

/** The columns as {@link parseColumns} reads them. */
export function columnsText(columns: OwnColumns): string {
  const entries = Object.entries(columns);
  const simple = entries.every(([, path]) => /^[\w.-]+$/.test(path));
  return simple ? entries.map(([name, path]) => `${name}=${path}`).join(',') : JSON.stringify(columns);
}

/** Whether the rows are judged answers. */
export function isJudged({ completion }: OwnColumns): boolean {
  return completion !== undefined;
}

/** The columns that hold something, with their paths. */
export function columnEntries(columns: OwnColumns): readonly (readonly [ColumnName, string])[] {
  return columnNames.flatMap((name) => {
    const path = columns[name];
    return path === undefined ? [] : [[name, path] as const];
  });
}

function entryOf(entry: string): [string, string] {
  const equals = entry.indexOf('=');
  return equals < 0 ? [entry.trim(), ''] : [entry.slice(0, equals).trim(), entry.slice(equals + 1).trim()];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller says what the text must be.
    return null;
  }
}

function styleProblem(style: unknown): string | null {
  return ownStyles.some((one) => one === style) ? null : `has a style that is not ${ownStyles.join(' or ')}`;
}

function entryProblem(name: string, path: unknown): string | null {
  if (!columnNames.some((one) => one === name)) {
    const near = nearest(name, columnNames);
    const hint = near === null ? `, one of ${columnNames.join(', ')}` : `; did you mean "${near}"?`;
    return `has "${name.slice(0, 40)}", which is not a column${hint}`;
  }
  if (typeof path === 'string' && isPath(path)) return null;
  return `must give "${name}" the path of a key such as "answers.0.text"`;
}

function pairingProblem({ chosen, rejected, completion, label }: Readonly<Record<string, unknown>>): string | null {
  const [pair, judged] = [
    [chosen, rejected],
    [completion, label],
  ].map((sides) => sides.filter((side) => side !== undefined).length);
  if ((pair === 2 && judged === 0) || (pair === 0 && judged === 2)) return null;
  return 'must have chosen and rejected, or completion and label';
}

/** Plain texts have no turns, so no system prompt or history can come before them. */
function plainProblem(value: Readonly<Record<string, unknown>>): string | null {
  const other = ['system', 'history', 'query', 'tools'].find((name) => value[name] !== undefined);
  return value['style'] === 'plain' && other !== undefined ? `has "${other}", which plain texts cannot have` : null;
}

function repeatedProblem(value: Readonly<Record<string, unknown>>): string | null {
  const names = Object.keys(value);
  const again = names.find((name, i) => names.slice(0, i).some((before) => value[before] === value[name]));
  return again === undefined ? null : `names the path "${String(value[again])}" twice`;
}
