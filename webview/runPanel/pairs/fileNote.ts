import type { DatasetColumns, PairsPage } from '../../../src/protocol/runPanel';
import { h, replace } from '../../shared/dom';
import { counted } from '../../shared/format';
import { pairStrings } from './pairStrings';

const reasons = ['empty', 'other', 'gone'] as const;

/** Says how many pairs have no number in a shown column of the dataset, and why. */
export class FileNote {
  readonly element = h('div', { class: 'file-note muted', role: 'status' });
  private page: Pick<PairsPage, 'columns' | 'total'> = { columns: [], total: 0 };
  private problem: string | null = null;

  show(page: PairsPage): void {
    this.page = page;
    this.draw();
  }

  /** Says why the dataset has no columns to offer. */
  offer({ problem }: DatasetColumns): void {
    this.problem = problem;
    this.draw();
  }

  private draw(): void {
    const { columns, total } = this.page;
    const lines = columns.flatMap((column) => {
      const why = reasons.filter((reason) => column[reason] > 0);
      if (why.length === 0) return [];
      const texts = why.map((reason) => pairStrings.why[reason](counted(column[reason]))).join(', ');
      return [pairStrings.incomplete(column.name, counted(column.numbers), counted(total), texts)];
    });
    if (this.problem !== null) lines.push(pairStrings.noDataset(this.problem));
    this.element.hidden = lines.length === 0;
    replace(this.element, ...lines.map((line) => h('div', {}, line)));
  }
}
