import type { FileFinding } from './fileCheck';
import { at } from '../base/pure/must';
import { type PairCounts, type PairRule, type PairRuleName, pairRuleNames } from './pairRule';

/** What a pair rule makes from a list. */
export interface ListReport extends PairCounts {
  readonly rule: PairRule;
  /** How many pairs each rule would make from it, with the gap and ties of `rule`. */
  readonly perRule: Readonly<Record<PairRuleName, number>>;
}

/** Counts the lists of a file, and says once what the pair rule makes from them. */
export class ListTally {
  private rows = 0;
  private pairs = 0;
  private ties = 0;
  private left = 0;
  private rule: PairRule | null = null;
  /** In the order of {@link pairRuleNames}. */
  private perRule: readonly number[] = pairRuleNames.map(() => 0);

  add({ rule, pairs, ties, perRule }: ListReport): void {
    this.rule = rule;
    this.perRule = this.perRule.map((sum, i) => sum + perRule[at(pairRuleNames, i)]);
    this.rows++;
    this.pairs += pairs;
    this.ties += ties;
    if (pairs === 0) this.left++;
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
    const counts = pairRuleNames.flatMap((name, i) =>
      name === rule.name ? [] : [`${nameOf(rule, name)} ${at(this.perRule, i)}`],
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
