import type { CheckedRow } from '../checkedRow';
import { type Problem, problem } from '../problem';
import { otherSideKey, wordsOf } from '../sideColumns';
import type { RuleFamily } from './rule';

/** Words of columns where more is better. */
const more: ReadonlySet<string> = new Set([
  'score',
  'scores',
  'rating',
  'ratings',
  'reward',
  'rewards',
  'grade',
  'points',
]);

export const scoreRules: RuleFamily = {
  title: 'Scores',
  checks: [scoreProblems],
  rules: [
    {
      id: 'score-contradicts',
      severity: 'warning',
      foundBy: 'row',
      report: 'first',
      title: 'The rejected answer has the better score',
      doc: 'Two columns score the answers, such as score_chosen and score_rejected, and the rejected answer has more. The labels or the scores are exchanged, and training learns the opposite. Swap the answers, or correct the scores. Equal scores are a hint: such pairs are noise (UltraFeedback has thousands). Only columns named score, rating, reward, grade or points are compared, because more is not always better.',
      link: 'https://huggingface.co/datasets/HuggingFaceH4/ultrafeedback_binarized',
    },
  ],
};

/** The key of the score of the rejected answer, for the key of that of the chosen one; null for any other key. */
export function scoreAgainst(key: string): string | null {
  if (!key.toLowerCase().includes('chosen') || !wordsOf(key).some((word) => more.has(word))) return null;
  return otherSideKey(key);
}

function scoreProblems({ value, answers }: CheckedRow): readonly Problem[] {
  // A row of a tool that judges two answers names no sides.
  if (answers.length !== 2) return [];
  let found: readonly Problem[] = [];
  for (const key of Object.keys(value)) {
    if (typeof value[key] !== 'number' || !key.toLowerCase().includes('chosen')) continue;
    const other = otherSideKey(key);
    if (other !== null) found = [...found, ...compared(value, key, other)];
  }
  return found;
}

function compared(value: CheckedRow['value'], key: string, other: string): Problem[] {
  const [chosen, rejected] = [value[key], value[other]];
  if (typeof chosen !== 'number' || typeof rejected !== 'number' || chosen > rejected) return [];
  if (!wordsOf(key).some((word) => more.has(word))) return [];
  if (chosen === rejected) {
    const message = `"${key}" and "${other}" are equal: the scores do not say which answer is better.`;
    return [problem('info', 'score-contradicts', key, message)];
  }
  const message = `"${key}" is ${chosen} and "${other}" is ${rejected}: the label or the scores are exchanged.`;
  return [problem('warning', 'score-contradicts', key, message)];
}
