import type { Side } from '../../src/pairs/pair';
import type { RowProblem } from '../../src/protocol/pairEditor';
import { h, icon } from '../shared/dom';

const tones = { error: ['error', 'bad'], warning: ['warning', 'warn'], info: ['info', 'muted'] } as const;

/**
 * The problems of a row as paragraphs.
 *
 * @param sides the sides whose problems are shown, null in the list for the whole row; null: all problems
 */
export function problemsOf(problems: readonly RowProblem[], sides: readonly (Side | null)[] | null): HTMLElement[] {
  return problems
    .filter(({ side }) => sides === null || sides.includes(side))
    .map(({ severity, message }) => {
      const [name, tone] = tones[severity];
      return h('p', { class: `problem ${tone}` }, icon(name), ` ${message}`);
    });
}
