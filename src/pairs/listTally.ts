import type { FileFinding } from './fileCheck';
import type { PairCounts, PairRule } from './pairRule';

/** What a pair rule makes of a list. */
export interface ListReport extends PairCounts {
  readonly rule: PairRule;
}

/** Counts the lists of a file, and says once what became of them. */
export class ListTally {
  private rows = 0;
  private pairs = 0;
  private ties = 0;
  private left = 0;
  private rule: PairRule | null = null;

  add({ rule, pairs, ties }: ListReport): void {
    this.rule = rule;
    this.rows++;
    this.pairs += pairs;
    this.ties += ties;
    if (pairs === 0) this.left++;
  }

  /** One finding if the file has lists. */
  findings(): FileFinding[] {
    const { rule, rows, pairs, left } = this;
    if (rule === null) return [];
    const name = rule.name === 'gap' ? `gap (${rule.gap} or more)` : rule.name;
    const made = `${counted(rows, 'row is a list', 'rows are lists')} of answers; the pair rule ${name} makes`;
    const none = left === 0 ? '' : ` ${counted(left, 'row makes', 'rows make')} no pair.`;
    const message = `${made} ${counted(pairs, 'pair', 'pairs')} of ${rows === 1 ? 'it' : 'them'}${this.tied(rule)}.${none}`;
    return [{ code: 'pair-rule', severity: 'info', field: null, message, count: rows, lines: [] }];
  }

  private tied({ ties }: PairRule): string {
    if (this.ties === 0) return ', without a tie';
    const many = counted(this.ties, 'tie', 'ties');
    if (ties === 'drop') return `; ${many} ${this.ties === 1 ? 'is' : 'are'} dropped`;
    return ties === 'keep' ? `, ${many} among them` : `, two for each of ${many}`;
  }
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
