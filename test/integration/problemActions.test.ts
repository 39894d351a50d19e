import { deepEqual, equal, ok } from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { until } from './until';

const flaws = '{"prompt": "Q", "chosen": "Ask jane@posteo.de.", "rejected": "N\\u0000o."}\n';

function problemCount(uri: vscode.Uri): number {
  return vscode.languages.getDiagnostics(uri).length;
}

async function openFlaws(): Promise<vscode.Uri> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  ok(folder, 'the tests need a workspace');
  const uri = vscode.Uri.joinPath(folder.uri, 'flaws.jsonl');
  await writeFile(uri.fsPath, flaws);
  await vscode.commands.executeCommand('vscode.openWith', uri, 'margin.pairs');
  await until('both flaws are listed', () => problemCount(uri) === 2);
  return uri;
}

describe('quick fixes', () => {
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('mend a problem, ignore its rule, and explain it, in the text editor', async () => {
    const uri = await openFlaws();
    const document = await vscode.workspace.openTextDocument(uri);
    const range = new vscode.Range(0, 0, 0, 1);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      range,
    );
    const titles = new Set(actions.map(({ title }) => title));
    for (const title of [
      'About control-characters',
      'Delete them (control-characters)',
      'Ignore personal-data for this row',
      'Ignore personal-data in this file',
      'Show as pair',
    ])
      ok(titles.has(title), title);
    ok(!titles.has('Ignore not-json in this file'));
    ok(!titles.has('Ignore not-json for this row'));
    const mend = actions.find(({ title }) => title.startsWith('Delete them'))?.edit;
    ok(mend && (await vscode.workspace.applyEdit(mend)));
    equal(document.getText(), '{"prompt": "Q", "chosen": "Ask jane@posteo.de.", "rejected": "No."}\n');
    ok(await document.save());
    await until('one flaw is left', () => problemCount(uri) === 1);
    await vscode.commands.executeCommand('margin.ignoreRule', 'personal-data', uri.toString());
    await until('the rule is off for the file', () => problemCount(uri) === 0);
    const rules = vscode.workspace.getConfiguration('margin').get('rules');
    deepEqual(rules, { 'flaws.jsonl': { 'personal-data': 'off' } });
    await vscode.workspace.getConfiguration('margin').update('rules', undefined, vscode.ConfigurationTarget.Workspace);
  });
});
