import * as vscode from 'vscode';
import { isRecord } from '../../base/pure/isRecord';
import { asColumns, columnsProblem, type OwnColumns } from '../../pairs/own/ownColumns';
import { asPairRule, type PairRule } from '../../pairs/pairRule';
import { detectAll, type Reading, withColumns } from '../../pairs/reading';
import type { RuleLevels } from '../../pairs/rules/levels';
import type { Notices } from '../notices';
import { matchesGlob } from './glob';
import { ruleLevelsFor, rulesSetting } from './ruleLevels';

const memoryKey = 'readings';
const rulesKey = 'pairRules';
const setting = 'margin.columns';

/**
 * How the rows of each file are read: as the person chose for the file, else as the setting `margin.columns` says, else
 * each row in the format that is detected. Lists become pairs by the rule that the person chose, else by the default.
 * Choices are remembered in the workspace. The setting `margin.rules` has the severities of the checks.
 */
export class Readings implements vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<void>();
  readonly onDidChange = this.emitter.event;
  private readonly following: vscode.Disposable;
  /** The same object for a file until something changes: formats of own columns are built once for each. */
  private readonly known = new Map<string, Reading>();
  private readonly told = new Set<string>();

  constructor(
    private readonly memory: vscode.Memento,
    private readonly notices: Notices,
  ) {
    this.following = vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(setting) || change.affectsConfiguration(rulesSetting)) this.changed();
    });
  }

  of(uri: vscode.Uri): Reading {
    const key = keyOf(uri);
    const known = this.known.get(key);
    if (known) return known;
    const { format, columns } = this.chosen(uri) ?? this.inSettings(uri) ?? detectAll;
    const reading = {
      format,
      columns,
      rule: this.chosenRule(uri),
      levels: this.levels(uri),
      ignored: null,
    };
    this.known.set(key, reading);
    return reading;
  }

  /** The person's choice for a file; null if there is none. */
  chosen(uri: vscode.Uri): Reading | null {
    const choice = this.choices[keyOf(uri)];
    if (!isRecord(choice)) return null;
    const columns = asColumns(choice['columns']);
    if (columns) return withColumns(columns);
    return typeof choice['format'] === 'string' ? { ...detectAll, format: choice['format'] } : null;
  }

  /** Remembers a choice; null forgets it. */
  async choose(uri: vscode.Uri, reading: Reading | null): Promise<void> {
    const { [keyOf(uri)]: _, ...others } = this.choices;
    await this.memory.update(memoryKey, reading === null ? others : { ...others, [keyOf(uri)]: reading });
    this.changed();
  }

  /** The pair rule that the person chose for a file; null if there is none. */
  chosenRule(uri: vscode.Uri): PairRule | null {
    return asPairRule(this.rules[keyOf(uri)]);
  }

  /** Remembers the pair rule of a file; null forgets it, and the rule is the default. */
  async chooseRule(uri: vscode.Uri, rule: PairRule | null): Promise<void> {
    const { [keyOf(uri)]: _, ...others } = this.rules;
    await this.memory.update(rulesKey, rule === null ? others : { ...others, [keyOf(uri)]: rule });
    this.changed();
  }

  /** Writes the columns of one file into the workspace's settings. */
  async save(uri: vscode.Uri, columns: OwnColumns): Promise<void> {
    const configuration = vscode.workspace.getConfiguration(undefined, uri);
    const before = configuration.inspect<Readonly<Record<string, unknown>>>(setting);
    const next = { ...before?.workspaceValue, [keyOf(uri)]: columns };
    await configuration.update(setting, next, vscode.ConfigurationTarget.Workspace);
    await this.choose(uri, null);
  }

  dispose(): void {
    this.following.dispose();
    this.emitter.dispose();
  }

  private get choices(): Readonly<Record<string, unknown>> {
    return this.memory.get<Readonly<Record<string, unknown>>>(memoryKey, {});
  }

  private get rules(): Readonly<Record<string, unknown>> {
    return this.memory.get<Readonly<Record<string, unknown>>>(rulesKey, {});
  }

  private levels(uri: vscode.Uri): RuleLevels {
    const given = vscode.workspace.getConfiguration(undefined, uri).get<unknown>(rulesSetting);
    return ruleLevelsFor(given, vscode.workspace.asRelativePath(uri, false), (message) => this.tell(message));
  }

  private inSettings(uri: vscode.Uri): Reading | null {
    const patterns = vscode.workspace.getConfiguration(undefined, uri).get<unknown>(setting);
    if (!isRecord(patterns)) return null;
    const path = vscode.workspace.asRelativePath(uri, false);
    const found = Object.keys(patterns).find((pattern) => pattern === keyOf(uri) || matchesGlob(path, pattern));
    if (found === undefined) return null;
    const columns = asColumns(patterns[found]);
    if (columns) return withColumns(columns);
    this.tell(`The setting ${setting}, "${found}", ${String(columnsProblem(patterns[found]))}.`);
    return null;
  }

  /** Warns once about a wrong setting. */
  private tell(message: string): void {
    if (this.told.has(message)) return;
    this.told.add(message);
    this.notices.warn(message).then(undefined, this.notices.error);
  }

  private changed(): void {
    this.known.clear();
    this.emitter.fire();
  }
}

/** The path in the workspace; the whole path of a file outside of it. */
function keyOf(uri: vscode.Uri): string {
  return vscode.workspace.asRelativePath(uri);
}
