import type { Side } from '../../src/pairs/pair';
import type { RowProblem, RuleAction } from '../../src/protocol/rowProblem';
import { h, icon } from '../shared/dom';
import { strings } from './strings';

const tones = { error: ['error', 'bad'], warning: ['warning', 'warn'], info: ['info', 'muted'] } as const;

/** What the buttons beside a problem do. */
export interface ProblemActions {
  /** Null if the row is not edited. */
  readonly fix: ((rule: string) => void) | null;
  readonly rule: (asked: RuleAction) => void;
}

/**
 * The problems of a row as paragraphs, each with its buttons.
 *
 * @param sides the sides whose problems are shown, null in the list for the whole row; null: all problems
 * @param actions null: no buttons
 */
export function problemsOf(
  problems: readonly RowProblem[],
  sides: readonly (Side | null)[] | null,
  actions: ProblemActions | null,
): HTMLElement[] {
  return problems
    .filter(({ side }) => sides === null || sides.includes(side))
    .map((problem) => {
      const [name, tone] = tones[problem.severity];
      // The buttons stay together: with the message if they fit beside it, else on a line of their own.
      const buttons = actions && h('span', { class: 'problem-actions' }, ...buttonsOf(problem, actions));
      return h('p', { class: `problem ${tone}` }, icon(name), ` ${problem.message} `, buttons);
    });
}

function buttonsOf({ code, message, fix, canIgnore }: RowProblem, actions: ProblemActions): HTMLElement[] {
  const link = (text: string, click: () => void): HTMLElement =>
    h('button', { class: 'link', aria: { label: strings.aboutProblem(text, message) }, on: { click } }, text);
  const { fix: mend, rule } = actions;
  return [
    ...(fix === null || mend === null ? [] : [link(fix, () => mend(code))]),
    ...(canIgnore ? [link(strings.ignoreRule, () => rule({ action: 'ignore', rule: code }))] : []),
    link(strings.explainRule, () => rule({ action: 'explain', rule: code })),
  ];
}
