import { deepEqual, equal, ok } from 'node:assert/strict';
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { DatasetsModel } from '../../src/host/datasets/datasetsModel';
import { DatasetsView } from '../../src/host/datasets/datasetsView';
import { Notices } from '../../src/host/notices';
import { Readings } from '../../src/host/reading/readings';
import { memento } from './memento';
import { until } from './until';

const pair =
  '{"prompt":"Why is the sky blue?","chosen":"Blue light scatters more.","rejected":"It reflects the sea."}\n';

describe('the list of datasets', () => {
  const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const folder = join(root, 'listed');
  let output: vscode.LogOutputChannel;
  let model: DatasetsModel;
  const names = (): string[] =>
    model.datasets
      .filter(({ uri }) => uri.fsPath.startsWith(folder))
      .map(({ uri }) => uri.fsPath.slice(folder.length + 1));
  const rowsOf = (name: string): number | undefined =>
    model.datasets.find(({ uri }) => uri.fsPath === join(folder, name))?.counts?.rows;

  let readings: Readings;

  beforeEach(async () => {
    await mkdir(folder, { recursive: true });
    output = vscode.window.createOutputChannel('datasets test', { log: true });
    readings = new Readings(memento(), new Notices(output));
    model = new DatasetsModel(memento(), readings, output);
  });
  afterEach(async () => {
    model.dispose();
    readings.dispose();
    output.dispose();
    await rm(folder, { recursive: true });
  });

  it('lists unreadable files after readable ones, without an offer to train on them', async () => {
    await writeFile(join(folder, 'prefs.jsonl'), pair);
    await writeFile(join(folder, 'a.jsonl.xz'), Buffer.from('fd377a585a0000', 'hex'));
    await writeFile(join(folder, 'package.json'), '{"name":"x"}');
    await model.ready();
    deepEqual(names(), ['prefs.jsonl', 'a.jsonl.xz']);
    const view = new DatasetsView(model);
    const items = (await view.getChildren()).map((element) => view.getTreeItem(element));
    const packed = items.find(({ label }) => label === 'a.jsonl.xz');
    equal(packed?.contextValue, 'dataset.other');
    ok(/xz -dk/.test(String(packed?.description)) && typeof packed?.tooltip === 'string');
    view.dispose();
  });

  it('draws only the row whose count has changed, as the same row, and the list if a file is new', async () => {
    await writeFile(join(folder, 'prefs.jsonl'), pair);
    await model.ready();
    await model.counted();
    const view = new DatasetsView(model);
    const isOurs = (row: object): boolean => 'uri' in row && String(row.uri).endsWith('/prefs.jsonl');
    const [row] = (await view.getChildren()).filter(isOurs);
    const drawn: unknown[] = [];
    view.onDidChangeTreeData((rows) => drawn.push(rows));
    await appendFile(join(folder, 'prefs.jsonl'), pair);
    ok(row !== undefined);
    await until('the new row is shown', () => String(view.getTreeItem(row).description).startsWith('2 rows'));
    ok(drawn.length > 0 && drawn.every((rows) => Array.isArray(rows) && rows.length === 1 && rows[0] === row));
    await writeFile(join(folder, 'new.jsonl'), pair);
    await until('the list is drawn', () => drawn.includes(undefined));
    view.dispose();
  });

  it('lists a new file while another one grows steadily, and counts no row of that one twice', async () => {
    await writeFile(join(folder, 'busy.jsonl'), pair.repeat(1000));
    await model.ready();
    let appended = 1000;
    const writing = setInterval(() => void appendFile(join(folder, 'busy.jsonl'), pair).then(() => appended++), 100);
    try {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await writeFile(join(folder, 'new.jsonl'), pair);
      await until('the new file is listed', () => names().includes('new.jsonl'), 5000);
      await until('the growing file is counted', () => (rowsOf('busy.jsonl') ?? 0) > 1005, 5000);
    } finally {
      clearInterval(writing);
    }
    await until('all rows of the growing file are counted', () => rowsOf('busy.jsonl') === appended);
  });

  it('reads 500 of 700 files, says that there are more, and lists a chosen folder', async () => {
    await Promise.all(['one', 'two'].map((name) => mkdir(join(folder, name))));
    await Promise.all(
      Array.from({ length: 700 }, (_, n) => writeFile(join(folder, n < 600 ? 'one' : 'two', `${n}.jsonl`), pair)),
    );
    await model.ready();
    equal(model.datasets.length, 500);
    ok(model.more >= 200);
    await model.choose('listed/two');
    deepEqual([model.datasets.length, model.more], [100, 0]);
    await model.choose(null);
    equal(model.datasets.length, 500);
  });
});

describe('the sample', () => {
  it('is copied into a folder of the workspace and opened as pairs', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file('/');
    await vscode.commands.executeCommand('margin.openSample', folder);
    const input = (): unknown => vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    await until('its pairs are open', () => {
      const shown = input();
      return shown instanceof vscode.TabInputCustom && shown.uri.path.endsWith('/margin-sample/prefs.jsonl');
    });
    const copied = await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(folder, 'margin-sample'));
    deepEqual(copied.map(([name]) => name).sort(), [
      'README.md',
      'guard.txt',
      'heldout.jsonl',
      'kind.rule.json',
      'model',
      'planted.json',
      'prefs.jsonl',
      'sample.train.json',
    ]);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder, 'margin-sample'), { recursive: true });
  });
});
