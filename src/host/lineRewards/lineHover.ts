import * as vscode from 'vscode';
import { marginOf, type RowReward, type SideReward } from '../../pairs/rowRewards';
import type { PairVerdict } from '../../pairs/suspects/suspectBook';
import { verdictWords } from '../../pairs/suspects/verdictText';
import { revealCommand } from '../diagnostics';
import { plainLine } from '../../base/pure/plainText';
import type { LineRewards } from './lineRewards';

/** Where the rewards of a line come from; null if it shows none. */
export type RewardsOfLines = Pick<LineRewards, 'of' | 'onDidChange'>;

/** Most pairs of a list that a hover shows. */
const mostPairs = 5;

/** Shows the rewards of a row in the hover of its line, in a text editor. */
export class LineHover implements vscode.HoverProvider {
  constructor(private readonly rewards: RewardsOfLines) {}

  async provideHover(document: vscode.TextDocument, { line }: vscode.Position): Promise<vscode.Hover | null> {
    const found = await this.rewards.of(document, line);
    if (found === null) return null;
    const text = new vscode.MarkdownString();
    // A link in the text of the label would not be one of these commands.
    text.isTrusted = { enabledCommands: [revealCommand] };
    const [first, ...others] = found.rewards.slice(0, mostPairs);
    if (first) text.appendMarkdown(rewardText(first));
    for (const reward of others) text.appendMarkdown(`\n\n${rewardText(reward)}`);
    const more = found.rewards.length - mostPairs;
    if (more > 0) text.appendMarkdown(`\n\n… and ${more} more pairs`);
    for (const verdict of found.verdicts.slice(0, mostPairs)) appendVerdict(text, verdict);
    if (text.value !== '') text.appendMarkdown('\n\n');
    if (found.label !== null) text.appendText(plainLine(found.label));
    const target = encodeURIComponent(JSON.stringify([document.uri.toString(), line]));
    text.appendMarkdown(` · [Show as pair](command:${revealCommand}?${target})`);
    return new vscode.Hover(text, document.lineAt(line).range);
  }
}

/** Shows the margin of the current line of a text editor in the status bar. */
export class LineStatus implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('margin.line', vscode.StatusBarAlignment.Right, 90);
  private readonly subscriptions: readonly vscode.Disposable[];
  /** Counts requests, because the answer to an earlier one may come later. */
  private asked = 0;

  constructor(
    private readonly rewards: RewardsOfLines,
    private readonly failed: (error: unknown) => void,
  ) {
    this.item.name = 'Margin of the current line';
    this.subscriptions = [
      vscode.window.onDidChangeTextEditorSelection(() => this.show()),
      vscode.window.onDidChangeActiveTextEditor(() => this.show()),
      vscode.workspace.onDidChangeConfiguration((change) => change.affectsConfiguration('margin') && this.show()),
      rewards.onDidChange(() => this.show()),
    ];
    this.show();
  }

  dispose(): void {
    this.item.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private show(): void {
    this.update(++this.asked).catch(this.failed);
  }

  private async update(request: number): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (!editor) return this.item.hide();
    const { document, selection } = editor;
    const { line } = selection.active;
    const found = await this.rewards.of(document, line);
    if (request !== this.asked) return;
    const margin = found && marginOf(found.rewards);
    if (!found || margin === null || found.label === null) return this.item.hide();
    this.item.text = `$(law) margin ${signed(margin)}`;
    this.item.tooltip = `The margin of line ${line + 1}: ${plainLine(found.label)}. Click to show the pair.`;
    this.item.command = { command: revealCommand, title: '', arguments: [document.uri.toString(), line] };
    this.item.show();
  }
}

function rewardText({ chosen, rejected, margin, before }: RowReward): string {
  const disagrees = margin < 0 ? ', the model disagrees with the label' : '';
  const earlier = before === null ? '' : ` (${signed(before)} before training)`;
  const sides = [sideText('chosen', chosen), sideText('rejected', rejected)].filter((side) => side !== null);
  return [`**margin ${signed(margin)}**${earlier}${disagrees}`, ...sides].join('  \n');
}

/** A verdict with its reasons. They name lines and numbers, and no text of the file. */
function appendVerdict(text: vscode.MarkdownString, verdict: PairVerdict): void {
  if (text.value !== '') text.appendMarkdown('\n\n');
  text.appendText(`The label is ${[verdictWords(verdict), ...verdict.reasons].join('; ')}.`);
}

function sideText(name: string, side: SideReward | null): string | null {
  if (side === null) return null;
  return `${name} ${signed(side.reward)} · ${side.tokens} ${side.tokens === 1 ? 'token' : 'tokens'}`;
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
