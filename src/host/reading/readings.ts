import * as vscode from 'vscode';
import { columnsSetting, FileReadings, type NamedFile } from '../../editor/fileReadings';
import { rulesSetting } from '../../editor/ruleLevels';
import type { OwnColumns } from '../../pairs/own/ownColumns';
import type { PairRule } from '../../pairs/pairRule';
import type { Reading } from '../../pairs/reading';
import type { Notices } from '../notices';

/** How the rows of each file are read, see {@link FileReadings}. */
export class Readings implements vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<void>();
  readonly onDidChange = this.emitter.event;
  private readonly following: vscode.Disposable;
  private readonly readings: FileReadings;

  constructor(memory: vscode.Memento, notices: Notices) {
    const warn = (message: string): void => void notices.warn(message).then(undefined, notices.error);
    this.readings = new FileReadings(memory, () => this.emitter.fire(), warn);
    this.following = vscode.workspace.onDidChangeConfiguration((change) => {
      if (!change.affectsConfiguration(columnsSetting) && !change.affectsConfiguration(rulesSetting)) return;
      this.readings.forget();
      this.emitter.fire();
    });
  }

  of(uri: vscode.Uri): Reading {
    return this.readings.of(named(uri));
  }

  /** The person's choice for a file; null if there is none. */
  chosen(uri: vscode.Uri): Reading | null {
    return this.readings.chosen(named(uri));
  }

  /** Remembers a choice; null forgets it. */
  choose(uri: vscode.Uri, reading: Reading | null): Promise<void> {
    return this.readings.choose(named(uri), reading);
  }

  /** The pair rule that the person chose for a file; null if there is none. */
  chosenRule(uri: vscode.Uri): PairRule | null {
    return this.readings.chosenRule(named(uri));
  }

  /** Remembers the pair rule of a file; null forgets it, and the rule is the default. */
  chooseRule(uri: vscode.Uri, rule: PairRule | null): Promise<void> {
    return this.readings.chooseRule(named(uri), rule);
  }

  /** Writes the columns of one file into the workspace's settings. */
  async save(uri: vscode.Uri, columns: OwnColumns): Promise<void> {
    const configuration = vscode.workspace.getConfiguration(undefined, uri);
    const before = configuration.inspect<Readonly<Record<string, unknown>>>(columnsSetting);
    const next = { ...before?.workspaceValue, [named(uri).key]: columns };
    await configuration.update(columnsSetting, next, vscode.ConfigurationTarget.Workspace);
    await this.choose(uri, null);
  }

  dispose(): void {
    this.following.dispose();
    this.emitter.dispose();
  }
}

function named(uri: vscode.Uri): NamedFile {
  return {
    key: vscode.workspace.asRelativePath(uri),
    path: vscode.workspace.asRelativePath(uri, false),
    setting: (name) => vscode.workspace.getConfiguration(undefined, uri).get<unknown>(name),
  };
}
