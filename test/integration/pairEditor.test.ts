import { deepEqual, equal, ok } from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { ReadOnlyTexts } from '../../src/host/readOnlyTexts';
import { Notices } from '../../src/host/notices';
import { ExternalChange } from '../../src/host/pairEditor/externalChange';
import { PairDocument } from '../../src/host/pairEditor/pairDocument';
import { PairEditorProvider } from '../../src/host/pairEditor/provider';
import { Reviewer } from '../../src/host/review/reviewer';
import { Readings } from '../../src/host/reading/readings';
import { KeptColumns } from '../../src/host/savedViews/keptColumns';
import { LinesSaver } from '../../src/host/saveAsLines';
import { TokenConfigs } from '../../src/host/tokens/tokenConfigs';
import { KnownSuspects } from '../../src/host/suspects/knownSuspects';
import { TokenProcess } from '../../src/host/tokens/tokenProcess';
import { DecodedFiles } from '../../src/jsonl/node/decode/decodedFiles';
import { IndexThreads } from '../../src/jsonl/node/scan/indexThreads';
import { ChangesHere } from '../../src/jsonl/node/bulk/rowChanges';
import { ColumnsHere } from '../../src/jsonl/node/columns/pageColumns';
import { SearchHere } from '../../src/jsonl/node/search/pageSearch';
import { ColumnStore } from '../../src/jsonl/node/columns/columnStore';
import { IndexStore } from '../../src/jsonl/node/indexStore';
import { checkLine } from '../../src/pairs/checks';
import { detectAll } from '../../src/pairs/reading';
import { checksHere } from '../unit/host/checksHere';
import { watchBlocking } from './blocking';
import { memento } from './memento';
import { say } from './say';
import { until } from './until';

const viewType = 'margin.pairs';
/** Its files are edited, so they have no copies. */
const noCopies = new DecodedFiles('', '');
const indexes = new IndexStore(join(tmpdir(), 'margin-indexes'), () => undefined);
/** Small files need no threads. */
const columnStore = new ColumnStore(join(tmpdir(), 'margin-columns'), '', () => undefined);
const services = { indexes, columnStore, indexThreads: new IndexThreads('', 1), decoded: noCopies };
const columnsHere = { pageColumns: new ColumnsHere(), rowChanges: new ChangesHere() };
const workHere = { rowChecker: checksHere, pageSearch: new SearchHere(), texts: new ReadOnlyTexts(), ...columnsHere };

/** Lines as other tools write them. Spacing, escapes, key order, big integers and CR LF must survive a save. */
const lines = [
  '{"prompt": "Why is the sky blue?", "chosen": "Blue light scatters more.", "rejected": "It reflects the sea."}',
  '{ "id" : 12345678901234567890, "rejected":"No.","chosen":"Yes.","prompt":"Gr\\u00fcn?" }',
  '{"prompt":[{"role":"user","content":"Hi"}],"chosen":[{"role":"assistant","content":"Hello!"}],"rejected":[{"role":"assistant","content":"What."}],"score":1.50}',
  'not json at all',
  '{"prompt":"Same?","chosen":"Same.","rejected":"Same."}',
];
const text = `\ufeff${lines[0]}\n${lines[1]}\r\n${lines.slice(2).join('\n')}`;

async function workspaceFile(name: string, content: string): Promise<vscode.Uri> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  ok(folder, 'the tests need a workspace');
  const uri = vscode.Uri.joinPath(folder.uri, name);
  await writeFile(uri.fsPath, content);
  return uri;
}

function activeTab(): vscode.Tab | undefined {
  return vscode.window.tabGroups.activeTabGroup.activeTab;
}

async function openPairs(uri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', uri, viewType);
  await until('the pair editor is open', () => activeTab()?.input instanceof vscode.TabInputCustom);
}

const run = (command: string, ...args: unknown[]): Thenable<unknown> =>
  vscode.commands.executeCommand(command, ...args);
const isDirty = (): boolean => activeTab()?.isDirty === true;
const problemLines = (uri: vscode.Uri): number[] =>
  vscode.languages
    .getDiagnostics(uri)
    .map(({ range }) => range.start.line + 1)
    .sort((a, b) => a - b);

describe('the pair editor', () => {
  afterEach(async () => {
    while (activeTab()) await run('workbench.action.revertAndCloseActiveEditor');
  });

  it('edits, undoes, redoes and saves; untouched lines keep their bytes', async () => {
    const uri = await workspaceFile('roundtrip.jsonl', text);
    await openPairs(uri);
    await run('margin.pair.swap');
    await until('the swap makes the file dirty', isDirty);
    await run('undo');
    await until('undo makes it clean', () => !isDirty());
    await run('redo');
    await until('redo makes it dirty', isDirty);
    equal(await readFile(uri.fsPath, 'utf8'), text, 'nothing is written before the save');
    await run('workbench.action.files.save');
    await until('the save makes it clean', () => !isDirty());
    const swapped =
      '{"prompt": "Why is the sky blue?", "chosen": "It reflects the sea.", "rejected": "Blue light scatters more."}';
    equal(await readFile(uri.fsPath, 'utf8'), text.replace(lines[0] ?? '', swapped));

    await run('undo');
    await until('undo reaches back over the save', isDirty);
    await run('workbench.action.files.save');
    await until('saved again', () => !isDirty());
    equal(await readFile(uri.fsPath, 'utf8'), text, 'the file has its original bytes');
  });

  it('takes back text whose last part is still being applied', async () => {
    const uri = await workspaceFile('typed.jsonl', `${lines[4]}\n`);
    const document = await PairDocument.open(uri, undefined, services, () => undefined);
    await document.lines.whenIndexed();
    const steps: vscode.CustomDocumentEditEvent[] = [];
    document.onDidEdit((step) => steps.push(step));
    const type = (content: string, joins: boolean): Promise<number | null> =>
      document.apply({ kind: 'text', row: 0, side: 'chosen', turn: 0, content }, document.lines.revision, joins);
    await type('S', false);
    const typed = type('Sheep', true);
    await steps[0]?.undo();
    await typed;
    deepEqual(await document.lines.lines(0, 1), [lines[4]]);
    await steps[0]?.redo();
    deepEqual(await document.lines.lines(0, 1), [lines[4]?.replace('Same."', 'Sheep"')]);
    equal(steps.length, 1);
    document.dispose();
  });

  it('duplicates, inserts, deletes and swaps the selected row', async () => {
    const uri = await workspaceFile('rows.jsonl', `${lines.slice(0, 3).join('\n')}\n`);
    await openPairs(uri);
    await run('margin.revealRow', uri.toString(), 2);
    // Nobody waits between the keys: each acts on the row that the one before it led to.
    for (const name of ['duplicate', 'insert', 'delete', 'swap']) await run(`margin.pair.${name}`);
    const swapped = String(lines[2]).replace(/("chosen":)(.*?)(,"rejected":)(.*?)(,"score")/, '$1$4$3$2$5');
    const expected = `${[...lines.slice(0, 3), swapped].join('\n')}\n`;
    await until('the four edits are in the file', async () => {
      await run('workbench.action.files.save');
      return (await readFile(uri.fsPath, 'utf8')) === expected;
    });
  });

  it('lists problems at their lines, and follows edits', async () => {
    const uri = await workspaceFile('problems.jsonl', text);
    await openPairs(uri);
    await until('both flaws are listed', () => problemLines(uri).length === 2);
    deepEqual(problemLines(uri), [4, 5]);
    await run('margin.pair.delete');
    await until('the lines move up', () => problemLines(uri)[0] === 3);
    deepEqual(problemLines(uri), [3, 4]);
    await run('undo');
    await until('and down again', () => problemLines(uri)[0] === 4);
    await run('workbench.action.closeActiveEditor');
    await until('a closed file has no problems listed', () => problemLines(uri).length === 0);
  });

  it('edits an array in place, and lists problems at the lines of its rows', async () => {
    const [sky, , , , same] = lines;
    const rows = [`{\n  "prompt": "Why is the sky blue?",\n  "chosen": "Blue.",\n  "rejected": "Red."\n  }`, same, sky];
    const array = `[\n  ${rows.join(',\n  ')},\n  {"a": 1\n   "b": 2}\n]\n`;
    const uri = await workspaceFile('array.json', array);
    await openPairs(uri);
    await until('both flaws are listed', () => problemLines(uri).length === 2);
    deepEqual(problemLines(uri), [7, 10]);
    const [, missing] = vscode.languages.getDiagnostics(uri).toSorted((a, b) => a.range.start.compareTo(b.range.start));
    equal(missing?.range.start.character, 3, 'the problem is at its column');
    await run('margin.pair.swap');
    await until('the swap makes the file dirty', isDirty);
    await run('workbench.action.files.save');
    await until('saved', () => !isDirty());
    const swapped = array.replace('"Blue."', '"-"').replace('"Red."', '"Blue."').replace('"-"', '"Red."');
    equal(await readFile(uri.fsPath, 'utf8'), swapped);
    await run('margin.revealRow', uri.toString(), 2);
    await run('margin.openAsText');
    await until('the text is open', () => vscode.window.activeTextEditor?.document.uri.path === uri.path);
    equal(vscode.window.activeTextEditor?.selection.start.line, 7, 'at the line of the row');
  });

  it('follows a file that another program changes, while it has no edits of its own', async () => {
    const uri = await workspaceFile('outside.jsonl', `${lines[0]}\n`);
    await openPairs(uri);
    await writeFile(uri.fsPath, `${lines[0]}\n${lines[3]}\n`);
    await until('the new line is read', () => problemLines(uri)[0] === 2);
    ok(!isDirty());
  });

  it("keeps its edits and another program's file apart until the user decides", async () => {
    const uri = await workspaceFile('conflict.jsonl', `${lines[0]}\n`);
    await openPairs(uri);
    await run('margin.pair.swap');
    await until('dirty', isDirty);
    const theirs = `${lines[2]}\n${lines[3]}\n`;
    await writeFile(uri.fsPath, theirs);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    ok(isDirty(), 'the edit is still there');
    deepEqual(problemLines(uri), [], 'the rows are still ours');
    equal(await readFile(uri.fsPath, 'utf8'), theirs, 'the file is still theirs');
    await run('workbench.action.files.revert');
    await until('a revert shows their file', () => !isDirty() && problemLines(uri)[0] === 2);
    equal(await readFile(uri.fsPath, 'utf8'), theirs);
  });

  it('merges its edits with what another program wrote in other rows, if the user says so', async () => {
    const uri = await workspaceFile('merge.jsonl', `${lines[0]}\n${lines[1]}\n${lines[2]}\n`);
    const document = await PairDocument.open(uri, undefined, services, () => undefined);
    await document.lines.whenIndexed();
    await document.apply({ kind: 'delete', row: 0 }, document.lines.revision);
    const { revision } = document.lines;
    const output = vscode.window.createOutputChannel('merge test', { log: true });
    const asked: string[] = [];
    const notices = new (class extends Notices {
      override ask(
        _kind: 'info' | 'warning',
        question: string,
        _detail: string,
        ...actions: string[]
      ): Thenable<string> {
        asked.push(question, ...actions);
        return Promise.resolve('Merge');
      }
    })(output);
    const external = new ExternalChange(document, notices, { areOpen: () => Promise.resolve(false) });
    await writeFile(uri.fsPath, `${lines[0]}\n${lines[4]}\n${lines[1]}\n${lines[3]}\n`);
    await external.save(new AbortController().signal);
    deepEqual(asked, [
      'merge.jsonl was changed by another program in 2 rows. You have unsaved edits in 1 other row.',
      ...['Merge', 'Keep Mine', 'Take Theirs', 'Compare…'],
    ]);
    equal(await readFile(uri.fsPath, 'utf8'), `${lines[4]}\n${lines[1]}\n${lines[3]}\n`);
    // The view has not shown the new rows yet: its row 0 is row 1 now.
    await document.apply({ kind: 'delete', row: 0 }, revision);
    deepEqual(await document.lines.lines(0, 9), [lines[4], lines[3]]);
    external.dispose();
    document.dispose();
    output.dispose();
  });

  it('restores unsaved edits from a backup, and saves them', async () => {
    const uri = await workspaceFile('backup.jsonl', text);
    const problems = vscode.languages.createDiagnosticCollection('backup test');
    const output = vscode.window.createOutputChannel('backup test', { log: true });
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? uri;
    const notices = new Notices(output);
    const provider = new PairEditorProvider(
      {
        extension: folder,
        readings: new Readings(memento(), notices),
        keptColumns: new KeptColumns(memento()),
        runFolders: async () => [],
        notices,
        saver: new LinesSaver('', notices),
        windows: join(tmpdir(), 'margin-windows-test'),
        ...services,
        ...workHere,
        reviewer: new Reviewer(memento()),
        suspects: new KnownSuspects(),
        tokenConfigs: new TokenConfigs(folder, memento(), async () => []),
        tokenProcess: new TokenProcess(''),
      },
      problems,
    );
    const { token } = new vscode.CancellationTokenSource();
    const first = await provider.openCustomDocument(uri, { backupId: undefined, untitledDocumentData: undefined });
    await first.lines.whenIndexed();
    await first.apply({ kind: 'swap', row: 4 }, first.lines.revision);
    await first.apply({ kind: 'delete', row: 0 }, first.lines.revision);
    const destination = vscode.Uri.joinPath(folder, 'backups', 'backup.json');
    const backup = await provider.backupCustomDocument(first, { destination }, token);
    const edited = await first.lines.lines(0, 10);
    first.dispose();

    const second = await provider.openCustomDocument(uri, { backupId: backup.id, untitledDocumentData: undefined });
    ok(second.lines.isDirty);
    deepEqual(await second.lines.lines(0, 10), edited);
    await provider.saveCustomDocument(second, token);
    equal(await readFile(uri.fsPath, 'utf8'), `\ufeff${lines[1]}\r\n${lines.slice(2).join('\n')}`);
    backup.delete();
    second.dispose();
    problems.dispose();
    output.dispose();
  });

  it('opens a large file without blocking the extension host during all checks', async () => {
    const many = Array.from(
      { length: 240_000 },
      (_, i) =>
        `{"prompt":"Question ${i}?","chosen":"Answer ${i} is long enough to be real.","rejected":"${i % 4000 ? 'Other' : ''}"}`,
    );
    const uri = await workspaceFile('large.jsonl', `${many.join('\n')}\n`);
    const atOnce = watchBlocking();
    for (const line of many) checkLine(line, detectAll);
    const checking = await atOnce.stop();
    const monitor = watchBlocking();
    await openPairs(uri);
    await until('all problems are found', () => problemLines(uri).length === 60, 50_000);
    await run('margin.pair.swap');
    await until('dirty', isDirty);
    const longest = await monitor.stop();
    const blocked = `blocked for at most ${longest.toFixed(0)} ms; checking all rows at once takes ${checking.toFixed(0)} ms`;
    say(`pair editor, ${many.length} rows: the extension host was ${blocked}`);
    ok(longest < checking / 4, blocked);
  });
});
