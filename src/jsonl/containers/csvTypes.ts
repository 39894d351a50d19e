import { isRecord } from '../../base/pure/isRecord';

/** Columns whose cells are true or false, or numbers, in the shapes of other tools. Other cells are texts or lists. */
const typed: ReadonlySet<string> = new Set([
  ...['label', 'labels', 'kto_tag', 'is_safe', 'weight', 'preference', 'preference_strength', 'overall_preference'],
  ...['better_response_id', 'safer_response_id', 'choice', 'winner', 'winner_model_a', 'winner_model_b', 'winner_tie'],
  ...['score_0', 'score_1', 'num_correct'],
]);
/** Columns whose cells may be lists as JSON: answers with their scores, earlier turns, votes. */
const lists: ReadonlySet<string> = new Set([
  ...['history', 'completions', 'responses', 'answers', 'generations', 'candidates', 'outputs', 'models', 'preference'],
  ...['scores', 'ratings', 'rewards', 'ranks', 'summaries', 'responses_and_scores', 'annotations'],
]);
/** Columns whose cells may be objects as JSON, with a key that they must have if their texts may be JSON too. */
const objects: Readonly<Record<string, string | null>> = {
  input: 'messages',
  question: 'full_text',
  info: null,
  fields: null,
  responses: null,
  suggestions: null,
  data: null,
  system_instruction: 'parts',
};

const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const truth = /^(?:true|false)$/i;
/** A list or object on one line: a row of several lines would be shown as such. */
const brackets = /^(?:\[[^\r\n]*\]|\{[^\r\n]*\})$/;

/**
 * The value of a cell as JSON text: mostly a text. A number, and a list of messages or answers, keep their spelling.
 *
 * @param name of the column
 */
export function cellJson(name: string, cell: string): string {
  if (typed.has(name)) {
    if (number.test(cell)) return cell;
    if (truth.test(cell)) return cell.toLowerCase();
  }
  return brackets.test(cell) && isNested(name, cell) ? cell : JSON.stringify(cell);
}

/** Whether a cell is true or false as Python writes it. */
export function isPythonTruth(name: string, cell: string): boolean {
  return typed.has(name) && /^(?:True|False)$/.test(cell);
}

function isNested(name: string, cell: string): boolean {
  const value = parsed(cell);
  if (isTurn(value)) return true;
  if (Array.isArray(value))
    return lists.has(name) || (value.length > 0 && value.every(isTurn)) || isRanked(name, value);
  const inside = Object.hasOwn(objects, name) ? objects[name] : undefined;
  return isRecord(value) && inside !== undefined && (inside === null || inside in value);
}

/** A message, also as ShareGPT writes it. No person writes such an answer. */
function isTurn(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const [speaker, said] =
    'from' in value
      ? [value['from'], ['value', 'content']]
      : [value['role'], ['content', 'tool_calls', 'candidates', 'parts']];
  return typeof speaker === 'string' && said.some((key) => key in value);
}

/** LLaMA-Factory's two answers in `output`. */
function isRanked(name: string, value: readonly unknown[]): boolean {
  return name === 'output' && value.length > 1 && value.every((item) => typeof item === 'string');
}

function parsed(cell: string): unknown {
  try {
    return JSON.parse(cell);
  } catch {
    // The cell only looks like a list.
    return null;
  }
}
