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
  readonly row: number;
}

/**
 * The problems of a row as paragraphs, each with its buttons.
 *
 * @param sides the sides whose problems are shown, null in the list for the whole row; null: all problems
 * @param actions null: no buttons, and no problems that are ignored in the row
 */
export function problemsOf(
  problems: readonly RowProblem[],
  sides: readonly (Side | null)[] | null,
  actions: ProblemActions | null,
): HTMLElement[] {
  return problems
    .filter(({ side, ignored }) => (sides === null || sides.includes(side)) && (actions !== null || ignored === null))
    .map((problem) => {
      const [name, tone] = tones[problem.severity];
      // The buttons stay together: with the message if they fit beside it, else on a line of their own.
      const buttons = actions && h('span', { class: 'problem-actions' }, ...buttonsOf(problem, actions));
      const { ignored, message } = problem;
      if (ignored === null) return h('p', { class: `problem ${tone}` }, icon(name), ` ${message} `, buttons);
      const who = h('span', { title: shownTime(ignored.at) }, strings.ignoredBy(ignored.by));
      return h('p', { class: 'problem ignored' }, icon('bell-slash'), ' ', who, ` ${message} `, buttons);
    });
}

function buttonsOf(problem: RowProblem, { fix: mend, rule, row }: ProblemActions): HTMLElement[] {
  const { code, side, message, fix, canIgnore, canIgnoreRow, ignored } = problem;
  const link = (text: string, click: () => void, id?: string): HTMLElement => {
    const aria = { label: strings.aboutProblem(text, message) };
    return h('button', { class: 'link', aria, on: { click }, ...(id === undefined ? {} : { id }) }, text);
  };
  // The focus stays where it is: one button takes the place of the other.
  const id = `row-rule-${code}-${side ?? 'row'}`;
  const why = link(strings.explainRule, () => rule({ action: 'explain', rule: code }));
  if (ignored !== null)
    return [link(strings.reportAgain, () => rule({ action: 'reportAgain', rule: code, row }), id), why];
  return [
    ...(fix === null || mend === null ? [] : [link(fix, () => mend(code))]),
    ...(canIgnoreRow ? [link(strings.ignoreInRow, () => rule({ action: 'ignoreInRow', rule: code, row }), id)] : []),
    ...(canIgnore ? [link(strings.ignoreRule, () => rule({ action: 'ignore', rule: code }))] : []),
    why,
  ];
}

function shownTime(at: string): string {
  return new Date(at).toLocaleString();
}
