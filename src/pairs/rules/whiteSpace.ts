import type { CheckedAnswer, CheckedRow } from '../checkedRow';
import { type Problem, problem } from '../problem';
import type { RuleFamily } from './rule';

export const whiteSpaceRules: RuleFamily = {
  title: 'White space',
  checks: [whiteSpace],
  rules: [
    {
      id: 'white-space',
      severity: 'info',
      foundBy: 'row',
      report: 'once',
      title: 'White space around an answer',
      doc: 'An answer ends with white space, or a message begins with it, and the other answer does not. Nobody means it, but the model learns it, and can tell such answers apart without reading them. Trim the answer. In plain texts, white space at the start belongs between prompt and answer, and stays.',
    },
  ],
};

function whiteSpace({ style, answers }: CheckedRow): readonly Problem[] {
  if (!answers.some((answer) => hasSpace(answer, style))) return [];
  const found = answers.filter((answer) => hasSpace(answer, style));
  if (answers.length > 1 && found.length === answers.length) return [];
  return found.map(({ field, name }) =>
    problem('info', 'white-space', field, `${name} has white space at its ends: trim it.`),
  );
}

function hasSpace({ turns }: CheckedAnswer, style: CheckedRow['style']): boolean {
  const last = turns.at(-1);
  if (last === undefined || last.content.trim() === '') return false;
  if (last.content.trimEnd().length < last.content.length) return true;
  return style !== 'plain' && turns.some(({ content }) => content.trimStart().length < content.length);
}
