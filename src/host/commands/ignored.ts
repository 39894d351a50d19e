import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import type { Problem } from '../../pairs/problem';
import { ruleOf } from '../../pairs/rules/levels';
import { pickOne } from '../quickSteps';
import type { IgnoredProblems } from '../review/ignoredProblems';
import type { CommandServices, Commands } from './target';

type Services = Pick<CommandServices, 'editor' | 'notices'>;

/** A row of an open document. */
interface RowHere {
  readonly ignored: IgnoredProblems;
  readonly row: number;
}

/** Commands that ignore a rule in one row, and report it there again. */
export function ignoredCommands({ editor, notices }: Services) {
  const services = { editor, notices };
  return {
    'margin.ignoreInRow': async (rule, uri, row) => {
      const here = rowOf(services, uri, row);
      if (!here) return notices.info('Open a file as pairs first, and select the row.');
      const { problems } = await here.ignored.choices(here.row);
      if (typeof rule === 'string') return set(services, here, rule, true);
      if (problems.length === 0) return notices.info(nothingToIgnore);
      const picked = await pickOne(problems.map(choiceOf), { title: 'Margin: Ignore for This Row' });
      return picked && set(services, here, picked.label, true);
    },
    'margin.reportAgain': async (rule, uri, row) => {
      const here = rowOf(services, uri, row);
      if (!here) return notices.info('Open a file as pairs first, and select the row.');
      if (typeof rule === 'string') return set(services, here, rule, false);
      const { ignored } = await here.ignored.choices(here.row);
      if (ignored.length === 0) return notices.info('No rule is ignored in this row.');
      const items = ignored.map((label) => ({ label, ...titleOf(label) }));
      const picked = await pickOne(items, { title: 'Margin: Report Again in This Row' });
      return picked && set(services, here, picked.label, false);
    },
  } satisfies Partial<Commands>;
}

const nothingToIgnore =
  'This row has no problem that can be ignored: an error stays, because a row with it cannot be used.';

/** The row that a command names; else the selected row of the active pair editor. */
function rowOf({ editor }: Services, uri: unknown, row: unknown): RowHere | null {
  if (typeof uri === 'string' && typeof row === 'number') {
    const parts = editor.partsOf(vscode.Uri.parse(uri));
    if (parts) return { ignored: parts.ignored, row };
    throw new MarginError('not-open', 'The file is not open as pairs any more: open it, and try again.');
  }
  const view = editor.active;
  if (view?.review.isBlind)
    throw new MarginError('blind', 'Rows are hidden while you review blind. Press Esc to leave.');
  return view && { ignored: view.open.ignored, row: view.selected.row };
}

/**
 * Changes whether the rule is ignored, and offers to undo it: marks are not part of the file, so VS Code's undo does
 * not include them.
 */
async function set({ notices }: Services, { ignored, row }: RowHere, rule: string, on: boolean): Promise<void> {
  if (!(await ignored.set(row, rule, on))) return;
  const done = on ? `${rule} is ignored in row ${row + 1}.` : `${rule} is reported again in row ${row + 1}.`;
  const undo = 'Undo';
  if ((await notices.info(done, undo)) === undo) await ignored.set(row, rule, !on);
}

function choiceOf({ code, message }: Problem): vscode.QuickPickItem {
  return { label: code, detail: message };
}

function titleOf(id: string): { readonly detail?: string } {
  const rule = ruleOf(id);
  return rule ? { detail: rule.title } : {};
}
