import { basename } from 'node:path';
import * as vscode from 'vscode';
import { ruleOfShape } from '../../pairs/formats/ruleOfShape';
import type { ListCounts } from '../../pairs/listTally';
import {
  type PairRule,
  type PairRuleName,
  pairRuleNames,
  pairRuleTexts,
  type TieChoice,
  tieChoices,
} from '../../pairs/pairRule';
import { pickLive, pickOne } from '../quickSteps';
import type { Readings } from './readings';

/** The counts of a file's lists, which change while it is checked. */
export interface CountedLists {
  /** Null while they are counted. */
  readonly counts: () => ListCounts | null;
  readonly onDidChange: vscode.Event<unknown>;
  /** The label of the format of the rows. */
  readonly shape: () => string;
}

type Answer = PairRuleName | 'difference' | 'ties' | 'forget';

interface Line extends vscode.QuickPickItem {
  readonly answer: Answer;
}

const tieTexts: Readonly<Record<TieChoice, string>> = {
  drop: 'dropped: two equal answers make no pair',
  keep: 'kept: two equal answers make a tie, which is not trained on',
  both: 'both ways: two equal answers make two pairs',
};

/**
 * Asks how the lists of a file become pairs, with the number of pairs that each rule gives, and remembers it. A change
 * of the difference or of ties leads back to the list with the new counts.
 */
export async function choosePairRule(readings: Readings, lists: CountedLists, uri: vscode.Uri): Promise<void> {
  const title = `Margin: Pair Rule of ${basename(uri.fsPath)}`;
  for (;;) {
    const own = ruleOfShape(lists.shape());
    const rule = readings.of(uri).rule ?? own;
    const forget = readings.chosenRule(uri) === null ? null : own;
    const answer = await askLine(title, rule, forget, lists);
    if (answer === null) return;
    if (answer === 'forget') return readings.chooseRule(uri, null);
    if (answer === 'ties') {
      const ties = await askTies(title, rule.ties);
      if (ties !== null) await readings.chooseRule(uri, { ...rule, ties });
      continue;
    }
    if (answer !== 'difference') await readings.chooseRule(uri, { ...rule, name: answer });
    if (answer !== 'difference' && answer !== 'gap') return;
    const gap = await askGap(title, rule.gap);
    if (gap !== null) await readings.chooseRule(uri, { ...rule, name: 'gap', gap });
    if (answer === 'gap') return;
  }
}

/**
 * The list of rules. Counts that come while it is open are drawn into it.
 *
 * @param forget the rule without the person's choice; null if there is none
 * @returns null if the person closed it
 */
async function askLine(
  title: string,
  rule: PairRule,
  forget: PairRule | null,
  { counts, onDidChange }: CountedLists,
): Promise<Answer | null> {
  const list = {
    title,
    placeholder: 'How lists of answers become pairs',
    items: () => linesOf(rule, forget, counts()),
    isBusy: () => counts() === null,
    onDidChange,
  };
  const line = await pickLive(list, ({ answer }) => answer === rule.name);
  return line?.answer ?? null;
}

function linesOf(rule: PairRule, forget: PairRule | null, counts: ListCounts | null): Line[] {
  const current = (name: PairRuleName): string => (name === rule.name ? 'current · ' : '');
  const pairs = (name: PairRuleName): string => (counts ? counted(counts.perRule[name]) : 'counting…');
  const more: Line[] = [
    { label: 'Options', kind: vscode.QuickPickItemKind.Separator, answer: 'difference' },
    { label: 'Difference…', description: `${rule.gap} or more, for the rule gap`, answer: 'difference' },
    { label: 'Ties…', description: tieTexts[rule.ties], answer: 'ties' },
  ];
  return [
    ...pairRuleNames.map((name) => ({
      label: name,
      description: `${current(name)}${pairs(name)}`,
      detail: `Pairs ${pairRuleTexts[name]}.`,
      answer: name,
    })),
    ...more,
    ...(forget ? [{ label: 'Forget the choice', description: `use ${forget.name}`, answer: 'forget' as const }] : []),
  ];
}

async function askTies(title: string, current: TieChoice): Promise<TieChoice | null> {
  const items = tieChoices.map((ties) => ({
    label: ties,
    description: `${ties === current ? 'current · ' : ''}${tieTexts[ties]}`,
    ties,
  }));
  const picked = await pickOne(items, {
    title,
    placeHolder: 'What two answers with the same score or rank become',
  });
  return picked?.ties ?? null;
}

async function askGap(title: string, current: number): Promise<number | null> {
  const numberOf = (text: string): number => Number(text.trim().replace(',', '.'));
  const text = await vscode.window.showInputBox({
    ignoreFocusOut: true,
    title,
    prompt: 'The least difference of two scores or ranks that makes a pair',
    value: String(current),
    validateInput: (value) =>
      Number.isFinite(numberOf(value)) && numberOf(value) > 0 ? null : 'Type a number above 0, such as 0.5',
  });
  return text === undefined ? null : numberOf(text);
}

function counted(pairs: number): string {
  return pairs === 1 ? '1 pair' : `${pairs.toLocaleString(vscode.env.language)} pairs`;
}
