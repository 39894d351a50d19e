import { isRecord } from '../../base/pure/isRecord';

/** Columns whose cells are true or false, or numbers, in the shapes of other tools. All other cells are texts. */
const typed: ReadonlySet<string> = new Set([
  ...['label', 'labels', 'kto_tag', 'is_safe', 'weight', 'preference', 'preference_strength', 'overall_preference'],
  ...['better_response_id', 'safer_response_id', 'choice', 'winner', 'winner_model_a', 'winner_model_b', 'winner_tie'],
  ...['score_0', 'score_1', 'num_correct'],
]);
/** Columns whose cells are lists of messages as JSON. Answers may be JSON themselves, so they stay texts. */
const turns: ReadonlySet<string> = new Set([
  ...['messages', 'conversations', 'conversation', 'trajectory', 'context', 'rejected_messages', 'chosen_messages'],
  ...['conversation_a', 'conversation_b', 'messages_a', 'messages_b', 'chosen_conversations', 'rejected_conversations'],
  ...['preferred_output', 'non_preferred_output', 'real', 'generated', 'summaries'],
]);
/** Columns whose cells are other lists as JSON: answers with their scores, a history of pairs. */
const lists: ReadonlySet<string> = new Set([
  ...['history', 'completions', 'responses', 'answers', 'generations', 'scores', 'ratings', 'rewards', 'ranks'],
]);

const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const truth = /^(?:true|false)$/i;
const list = /^(?:\[[^\r\n]*\]|\{[^\r\n]*\})$/;

/**
 * The value of a cell as JSON text: mostly a text. A number or list keeps its spelling, so that {@link cellText} gives
 * the same cell.
 *
 * @param name of the column
 */
export function cellJson(name: string, cell: string): string {
  if (typed.has(name)) {
    if (number.test(cell)) return cell;
    if (truth.test(cell)) return cell.toLowerCase();
  }
  return list.test(cell) && isNested(name, cell) ? cell : JSON.stringify(cell);
}

/** Whether a cell is true or false as Python writes it. */
export function isPythonTruth(name: string, cell: string): boolean {
  return typed.has(name) && /^(?:True|False)$/.test(cell);
}

function isNested(name: string, cell: string): boolean {
  if (name !== 'input' && name !== 'info' && !turns.has(name) && !lists.has(name)) return false;
  const value = parsed(cell);
  if (name === 'info') return isRecord(value);
  if (name === 'input') return isRecord(value) && Array.isArray(value['messages']);
  return Array.isArray(value) && (lists.has(name) || value.every(isRecord));
}

function parsed(cell: string): unknown {
  try {
    return JSON.parse(cell);
  } catch {
    // The cell only looks like a list.
    return null;
  }
}
