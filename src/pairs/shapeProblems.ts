import { isRecord } from '../base/pure/isRecord';
import { wrongType } from './fieldType';
import { type JsonObject } from './json';
import { judgedShapeProblems, looksJudged } from './judgedShape';
import { messagesAsText } from './jsonText';
import type { Side } from './pair';
import { type Problem, problem } from './problem';
import { otherShape } from './otherShapes';
import { nameOf } from './valueNames';

/**
 * Why a parsed row is neither a pair nor a judged answer, and how to correct it.
 *
 * @param value a value that no format detects
 * @returns one error or more
 */
export function shapeProblems(value: unknown): Problem[] {
  if (!isRecord(value)) {
    const hint =
      typeof value === 'string' && /^\s*\{/.test(value)
        ? ' The text is itself JSON: write it without the quotes around it.'
        : '';
    return [
      problem(
        'error',
        'not-an-object',
        null,
        `The line holds ${nameOf(value)}, not an object with chosen and rejected.${hint}`,
      ),
    ];
  }
  if (looksJudged(value)) return judgedShapeProblems(value);
  const given = (['prompt', 'chosen', 'rejected'] as const).filter((side) => (value[side] ?? null) !== null);
  const lacks = value['chosen'] === undefined || value['rejected'] === undefined;
  const other = lacks ? otherShape(value) : null;
  if (other) return [problem('error', 'unknown-shape', null, other)];
  if (given.length === 0)
    return [
      problem(
        'error',
        'unknown-shape',
        null,
        `None of prompt, chosen, rejected among the keys (${someKeys(value)}). ${nameThem}`,
      ),
    ];
  const text = messagesAsText(value, given);
  const wrong = text.length > 0 ? text : [...missing(value), ...given.flatMap((side) => wrongType(side, value[side]))];
  return wrong.length > 0 ? wrong : [mixed(value)];
}

const nameThem =
  'If other keys hold them, name these: Choose Format… in the editor, --columns prompt=…,chosen=…,rejected=….';

function someKeys(value: JsonObject): string {
  return Object.keys(value).slice(0, 8).join(', ') || 'there are none';
}

function missing(value: JsonObject): Problem[] {
  return (['chosen', 'rejected'] as const)
    .filter((side) => (value[side] ?? null) === null)
    .map((side) => {
      const message =
        side in value
          ? `"${side}" is null: give it an answer.`
          : `"${side}" is missing: a pair has a chosen and a rejected answer.`;
      return problem('error', 'missing-field', side, message);
    });
}

function mixed(value: JsonObject): Problem {
  const kind = (side: Side): string => (Array.isArray(value[side]) ? 'messages' : 'text');
  if (kind('chosen') !== kind('rejected')) {
    const message = `chosen is ${kind('chosen')}, rejected is ${kind('rejected')}: both must be the same.`;
    return problem('error', 'mixed-shape', 'rejected', message);
  }
  const hint = kind('prompt') === 'text' ? ' and the text is not a turn of both lists' : '';
  const message = `prompt is ${kind('prompt')}, the answers are ${kind('chosen')}${hint}: use the same for all three.`;
  return problem('error', 'mixed-shape', 'prompt', message);
}
