import type { FileFinding } from './fileCheck';
import { type PairCounts, type PairRule, type PairRuleName, pairRuleNames } from './pairRule';

/** What a pair rule makes from a list. */
export interface ListReport extends PairCounts {
  readonly rule: PairRule;
  /** How many pairs each rule would make from it, with the gap and ties of `rule`. */
  readonly perRule: Readonly<Record<PairRuleName, number>>;
}

/** What the pair rules make from the lists of a file. */
export interface ListCounts {
  /** Number of lists. */
  readonly rows: number;
  /** Number of lists from which the rule makes no pair. */
  readonly left: number;
  /** Number of comparisons that the rule makes of equal answers. */
  readonly ties: number;
  /** The number of pairs of each rule, all with the gap and ties of the file's rule. */
  readonly perRule: Readonly<Record<PairRuleName, number>>;
}

type PerRule = ListCounts['perRule'];

const none: PerRule = { 'best-worst': 0, 'best-all': 0, neighbours: 0, gap: 0 };

function added(a: PerRule, b: PerRule): PerRule {
  return {
    'best-worst': a['best-worst'] + b['best-worst'],
    'best-all': a['best-all'] + b['best-all'],
    neighbours: a.neighbours + b.neighbours,
    gap: a.gap + b.gap,
  };
}

/** Counts the lists of a file, and says once what the pair rule makes from them. */
export class ListTally {
  private rows = 0;
  private pairs = 0;
  private ties = 0;
  private left = 0;
  private rule: PairRule | null = null;
  private perRule: PerRule = none;

  add({ rule, pairs, ties, perRule }: ListReport): void {
    this.rule = rule;
    this.perRule = added(this.perRule, perRule);
    this.rows++;
    this.pairs += pairs;
    this.ties += ties;
    if (pairs === 0) this.left++;
  }

  /** Null if the file has no lists. */
  get counts(): ListCounts | null {
    const { rows, left, ties, perRule } = this;
    return rows === 0 ? null : { rows, left, ties, perRule };
  }

  /** One finding if the file has lists. */
  findings(): FileFinding[] {
    const { rule, rows, pairs, left } = this;
    if (rule === null) return [];
    const name = nameOf(rule, rule.name);
    const made = `${counted(rows, 'row is a list', 'rows are lists')} of answers; the pair rule ${name} makes`;
    const none = left === 0 ? '' : ` ${counted(left, 'row makes', 'rows make')} no pair.`;
    const message = `${made} ${counted(pairs, 'pair', 'pairs')} from ${rows === 1 ? 'it' : 'them'}${this.tied(rule)}.${none}${this.others(rule)}`;
    return [{ code: 'pair-rule', severity: 'info', field: null, message, count: rows, lines: [] }];
  }

  /** What the other rules would make from the same lists. */
  private others(rule: PairRule): string {
    const counts = pairRuleNames.flatMap((name) =>
      name === rule.name ? [] : [`${nameOf(rule, name)} ${this.perRule[name]}`],
    );
    return ` Other rules: ${counts.join(', ')}.`;
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

function nameOf({ gap }: PairRule, name: PairRuleName): string {
  return name === 'gap' ? `gap (${gap} or more)` : name;
}
