import { equal, match, ok } from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { pairKey } from '../../src/jsonl/node/pairKey';
import { readPair } from '../../src/pairs/readPair';
import { detectAll } from '../../src/pairs/reading';

const rows = ['Q1', 'Q2'].map((prompt) => JSON.stringify({ prompt, chosen: 'yes', rejected: 'no' }));

/** Writes a dataset, and what *Score with Model* would write for its first row. */
async function writeScored(): Promise<vscode.Uri> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  ok(folder, 'the tests need a workspace');
  const uri = vscode.Uri.joinPath(folder.uri, 'hovered.jsonl');
  await writeFile(uri.fsPath, `${rows.join('\n')}\n`);
  const scores = vscode.Uri.joinPath(folder.uri, '.margin', 'scores', 'hovered-tuned.jsonl').fsPath;
  const read = readPair(rows[0] ?? '', detectAll);
  const key = read.kind === 'pair' ? pairKey(read.pair) : '';
  const side = (reward: number): object => ({ logp: -1, ref_logp: -1, reward, tokens: 2 });
  const reward = { row: 0, line: 1, key, chosen: side(-0.5), rejected: side(0.25), margin: -0.75 };
  await mkdir(dirname(scores), { recursive: true });
  await writeFile(scores, `${JSON.stringify(reward)}\n`);
  return uri;
}

async function hoverText(uri: vscode.Uri, line: number): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    uri,
    new vscode.Position(line, 3),
  );
  const parts = hovers.flatMap(({ contents }) => contents);
  return parts.map((part) => (typeof part === 'string' ? part : part.value)).join('\n');
}

describe('the rewards of a line', () => {
  const setting = (value: boolean | undefined): Thenable<void> =>
    vscode.workspace.getConfiguration('margin').update('lineRewards', value, vscode.ConfigurationTarget.Workspace);

  afterEach(() => setting(undefined));

  it('are in the hover of the text editor, unless a setting turns them off', async () => {
    const uri = await writeScored();
    await vscode.workspace.openTextDocument(uri);
    const text = await hoverText(uri, 0);
    match(text, /\*\*margin −0\.75\*\*, the model disagrees with the label/);
    match(text, /chosen −0\.50 · 2 tokens/);
    match(text, /tuned/);
    match(text, /command:margin\.revealRow/);
    equal(await hoverText(uri, 1), '');
    await setting(false);
    equal(await hoverText(uri, 0), '');
  });
});
