import * as vscode from 'vscode';
import { at } from '../base/pure/must';
import { plainItem, plainLine } from '../base/pure/plainText';

export interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

export interface Question<T> {
  readonly title: string;
  readonly placeholder: string;
  readonly choices: readonly Choice<T>[];
}

/** Asks one question of a series. `back`: the person wants the previous question; null: the person closed the list. */
export type Ask = <T>(question: Question<T>) => Promise<T | 'back' | null>;

/** One step of a series: takes the draft so far, asks, and returns the draft with the answer. */
export type Step<Draft> = (draft: Draft, ask: Ask) => Promise<Draft | 'back' | null>;

/** Asks step by step; *Back* leads to the previous step. @returns null if the person closed a list */
export async function askSteps<Draft>(steps: readonly Step<Draft>[], start: Draft): Promise<Draft | null> {
  const drafts = [start];
  for (let place = 0; place < steps.length;) {
    const answer = await at(steps, place)(at(drafts, place), (question) => askOne(question, place + 1, steps.length));
    if (answer === null) return null;
    if (answer === 'back') place = Math.max(0, place - 1);
    else drafts[++place] = answer;
  }
  return at(drafts, steps.length);
}

function askOne<T>(
  { title, placeholder, choices }: Question<T>,
  step: number,
  totalSteps: number,
): Promise<T | 'back' | null> {
  const input = vscode.window.createQuickPick<Choice<T>>();
  const shown = { title, placeholder: plainLine(placeholder), items: choices.map(plainItem) };
  Object.assign(input, {
    ...shown,
    step,
    totalSteps,
    matchOnDescription: true,
    matchOnDetail: true,
    ignoreFocusOut: true,
  });
  if (step > 1) input.buttons = [vscode.QuickInputButtons.Back];
  return new Promise((resolve) => {
    input.onDidTriggerButton(() => resolve('back'));
    input.onDidAccept(() => {
      const [choice] = input.selectedItems;
      if (choice) resolve(choice.value);
    });
    input.onDidHide(() => resolve(null));
    input.show();
  }).finally(() => input.dispose()) as Promise<T | 'back' | null>;
}

/**
 * Asks a single question. The list stays open when a view takes the focus, as one that opens at this moment does.
 *
 * @returns undefined if the person closed the list
 */
export function pickOne<Item extends vscode.QuickPickItem>(
  items: readonly Item[],
  options: vscode.QuickPickOptions,
): Thenable<Item | undefined> {
  return vscode.window.showQuickPick(items.map(plainItem), { ignoreFocusOut: true, ...options });
}

/** Asks a single question with several answers; `picked` items are ticked first. @returns undefined if it was closed */
export function pickMany<Item extends vscode.QuickPickItem>(
  items: readonly Item[],
  options: vscode.QuickPickOptions,
): Thenable<Item[] | undefined> {
  return vscode.window.showQuickPick(items.map(plainItem), { ...options, canPickMany: true });
}

/** A list whose items change while it is open. */
export interface LiveList<Item> {
  readonly title: string;
  readonly placeholder: string;
  readonly items: () => readonly Item[];
  /** Whether more is to come. */
  readonly isBusy: () => boolean;
  readonly onDidChange: vscode.Event<unknown>;
}

/**
 * Asks a single question with a list that may change meanwhile; the marked item stays marked.
 *
 * @param first whether an item is marked first
 * @returns undefined if the person closed the list
 */
export async function pickLive<Item extends vscode.QuickPickItem>(
  { title, placeholder, items, isBusy, onDidChange }: LiveList<Item>,
  first: (item: Item) => boolean,
): Promise<Item | undefined> {
  const input = vscode.window.createQuickPick<Item>();
  const matching = { matchOnDescription: true, matchOnDetail: true };
  Object.assign(input, { title, placeholder: plainLine(placeholder), ...matching, ignoreFocusOut: true });
  const draw = (): void => {
    const marked = input.activeItems[0]?.label;
    input.items = items().map(plainItem);
    input.activeItems = input.items.filter((item) => (marked === undefined ? first(item) : item.label === marked));
    input.busy = isBusy();
  };
  draw();
  const following = onDidChange(draw);
  return new Promise<Item | undefined>((resolve) => {
    input.onDidAccept(() => input.selectedItems[0] && resolve(input.selectedItems[0]));
    input.onDidHide(() => resolve(undefined));
    input.show();
  }).finally(() => {
    following.dispose();
    input.dispose();
  });
}

/** A list of what the person has kept, to choose from or to remove from. */
export interface KeptList<T> {
  readonly title: string;
  readonly placeholder: string;
  /** What the button of an item does. */
  readonly removeLabel: string;
  readonly choices: () => readonly Choice<T>[];
  readonly remove: (value: T) => Promise<void>;
  readonly failed: (error: unknown) => void;
}

/** Asks a single question. A button removes an item, and the list stays open. @returns undefined if it was closed */
export function pickOrRemove<T>(list: KeptList<T>): Promise<T | undefined> {
  const { title, placeholder, removeLabel, choices, remove, failed } = list;
  const input = vscode.window.createQuickPick<Choice<T>>();
  const buttons = [{ iconPath: new vscode.ThemeIcon('trash'), tooltip: removeLabel }];
  const draw = (): void => {
    input.items = choices().map((choice) => plainItem({ ...choice, buttons }));
  };
  Object.assign(input, { title, placeholder, matchOnDescription: true });
  draw();
  return new Promise<T | undefined>((resolve) => {
    input.onDidTriggerItemButton(({ item }) => remove(item.value).then(draw).catch(failed));
    input.onDidAccept(() => input.selectedItems[0] && resolve(input.selectedItems[0].value));
    input.onDidHide(() => resolve(undefined));
    input.show();
  }).finally(() => input.dispose());
}

/** The last choice of a list of files: opens the system's dialog. */
export function browse<T>(value: T): Choice<T> {
  return { label: 'Browse…', iconPath: new vscode.ThemeIcon('folder-opened'), alwaysShow: true, value };
}

/** Asks for one file or folder with the system's dialog. @returns null if the person closed it */
export async function openOne(title: string, options: vscode.OpenDialogOptions): Promise<vscode.Uri | null> {
  return (await vscode.window.showOpenDialog({ ...options, title }))?.[0] ?? null;
}
