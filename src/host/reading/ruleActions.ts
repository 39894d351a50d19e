import * as vscode from 'vscode';
import { isRecord } from '../../base/pure/isRecord';
import type { RuleAction } from '../../protocol/rowProblem';
import type { CommandId } from '../commands/commandIds';
import { rulesSetting } from '../../editor/ruleLevels';

/** Turns a rule off for a file, in the workspace's settings. */
export async function ignoreRule(uri: vscode.Uri, rule: string): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(undefined, uri);
  const before = configuration.inspect<Readonly<Record<string, unknown>>>(rulesSetting)?.workspaceValue;
  const path = vscode.workspace.asRelativePath(uri, false);
  const ofFile = before?.[path];
  const next = { ...before, [path]: { ...(isRecord(ofFile) ? ofFile : {}), [rule]: 'off' } };
  await configuration.update(rulesSetting, next, vscode.ConfigurationTarget.Workspace);
}

/** Opens the page about the rules, at one of them. @param rule null for the start of the page */
export async function showRules(extension: vscode.Uri, rule: string | null): Promise<void> {
  const page = vscode.Uri.joinPath(extension, 'media', 'rules.md');
  await vscode.commands.executeCommand('markdown.showPreview', rule === null ? page : page.with({ fragment: rule }));
}

type FileAction = Exclude<RuleAction, { readonly row: number }>;

/** Does what a button beside a problem asks for about a rule in general. */
export async function actOnRule({ action, rule }: FileAction, uri: vscode.Uri): Promise<void> {
  const commands: Readonly<Record<FileAction['action'], CommandId>> = {
    ignore: 'margin.ignoreRule',
    explain: 'margin.showRules',
  };
  await vscode.commands.executeCommand(commands[action], rule, uri.toString());
}
