import { wrongType } from './fieldType';
import { judgedFormats } from './formats/table';
import type { JsonObject } from './json';
import { kindOfKey } from './keyLists';
import { messagesAsText } from './jsonText';
import { type Problem, problem } from './problem';
import { nameOf } from './valueNames';

/** Whether a row seems to be meant as a judged answer, TRL's `{"prompt", "completion", "label"}`. */
export function looksJudged(value: JsonObject): boolean {
  if ((value['chosen'] ?? value['rejected'] ?? null) !== null) return false;
  return (
    wouldBeJudged(value) ||
    (value['completion'] ?? null) !== null ||
    (typeof value['label'] === 'boolean' && ('messages' in value || 'prompt' in value))
  );
}

/** Whether only the label keeps the row from being a judged answer: 1, "good". */
function wouldBeJudged(value: JsonObject): boolean {
  if (meantLabel(value['label']) === null) return false;
  return judgedFormats.some((format) => format.detect({ ...value, label: true }));
}

/** Why a row that {@link looksJudged} is not a judged answer, one error for each wrong key. */
export function judgedShapeProblems(value: JsonObject): Problem[] {
  const { label } = value;
  if (wouldBeJudged(value)) return [wrongLabel(value)];
  const wrong = [
    ...['prompt', 'completion'].flatMap((field) => wrongText(field, value)),
    ...(typeof label === 'boolean' ? [] : [wrongLabel(value)]),
  ];
  if (wrong.length > 0) return wrong;
  const message = 'prompt and completion must be two texts or two lists of messages.';
  return [problem('error', 'mixed-shape', 'completion', message)];
}

/** Keys that other tools use for the answer. */
const answerKeys = new Set(['response', 'output', 'answer', 'reply', 'messages', 'conversations']);

function wrongText(field: string, value: JsonObject): Problem[] {
  const text = value[field] ?? null;
  if (text !== null) return [...messagesAsText(value, [field]), ...wrongType(field, text)];
  const message =
    field in value ? `"${field}" is null.` : `"${field}" is missing: a judged answer has prompt, completion and label.`;
  const other = Object.keys(value).find(
    (key) =>
      (field === 'prompt' ? kindOfKey(key) === 'question' : answerKeys.has(key)) && (value[key] ?? null) !== null,
  );
  const hint = other === undefined ? '' : ` ${JSON.stringify(other)} is not read.`;
  return [problem('error', 'missing-field', field, message + hint)];
}

function wrongLabel(value: JsonObject): Problem {
  const other = Object.keys(value).find((key) => typeof value[key] === 'boolean');
  const hint =
    (value['label'] ?? null) !== null || other === undefined
      ? ''
      : ` If ${JSON.stringify(other)} is the label, rename it to "label".`;
  return problem('error', 'label-not-boolean', 'label', labelSentence(value['label']) + hint);
}

const meant: Readonly<Record<string, boolean>> = {
  true: true,
  false: false,
  yes: true,
  no: false,
  good: true,
  bad: false,
  desirable: true,
  undesirable: false,
  '1': true,
  '0': false,
};

/** The label that a text or number stands for: `"no"`, 0; null if nobody can tell. */
export function meantLabel(label: unknown): boolean | null {
  const word = typeof label === 'string' || typeof label === 'number' ? String(label).trim().toLowerCase() : '';
  return Object.hasOwn(meant, word) ? (meant[word] ?? null) : null;
}

function labelSentence(label: unknown): string {
  if (label === undefined) return 'label is missing: write true for a good answer, false for a bad one.';
  if (typeof label === 'string') {
    const text = label.slice(0, 40);
    const value = meantLabel(text);
    return `label is the text "${text}": write ${String(value ?? 'true or false')} without quotes.`;
  }
  if (typeof label !== 'number') return `label is ${nameOf(label)}: write true for a good answer, false for a bad one.`;
  const value = meantLabel(label);
  return `label is the number ${label}: write ${String(value ?? 'true for a good answer, false for a bad one')}.`;
}
