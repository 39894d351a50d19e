import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { at, must } from '../../../src/base/pure/must';
import { defaultPairRule } from '../../../src/pairs/pairRule';
import { type FakeProvider, FakeUri, type FakeVscode } from './fakeVscode';
import { content, row, rows, Sandbox } from './sandbox';

describe('the browser extension, in a sandbox without Node', () => {
  const sandbox = new Sandbox();
  let vscode: FakeVscode;
  let editor: FakeProvider;
  const start = (files?: Readonly<Record<string, string>>): void => void ({ vscode, editor } = sandbox.start(files));
  const opened = (backupId?: string): ReturnType<Sandbox['opened']> => sandbox.opened(backupId);
  const text = (): string => sandbox.text();

  beforeAll(() => sandbox.build());

  it('is at most 360 kB', () => {
    expect(sandbox.code.length).toBeLessThan(360_000);
  });

  it('tells the menus that Node is missing', () => {
    start();
    expect(vscode.contexts.get('margin.web')).toBe(true);
  });

  it('shows the rows and a pair of a file', async () => {
    start();
    const { channel } = await opened();
    const { overview } = await channel.request('hello', null);
    expect(overview).toMatchObject({ rows: 3, shown: 3, otherKind: null });
    const page = await channel.request('rows', { from: 0, count: 10, columns: ['len(chosen)'] });
    expect(page.rows.map(({ label, cells }) => [label, ...cells])).toEqual([
      ['Are cats liquid?', 4],
      ['Is it late?', 4],
      ['Do fish sleep?', 4],
    ]);
    const detail = await channel.request('detail', { row: 2 });
    expect(detail.pair?.chosen).toEqual([{ role: 'assistant', content: 'Yes.' }]);
  });

  it('saves one edited pair, and leaves the bytes of the others', async () => {
    start();
    const { channel, document, edits } = await opened();
    const { overview } = await channel.request('hello', null);
    const edit = { kind: 'text', row: 1, side: 'chosen', turn: 0, content: 'It is.' } as const;
    const answer = await channel.request('edit', { revision: overview.revision, edit });
    expect(answer.row).toBe(1);
    expect(edits.map(({ label }) => label)).toEqual(['Edit text']);
    await editor.saveCustomDocument(document);
    expect(text()).toBe(content.replace(at(rows, 1), at(rows, 1).replace('Yes.', 'It is.')));
    await at(edits, 0).undo();
    await editor.saveCustomDocument(document);
    expect(text()).toBe(content);
  });

  it('swaps, deletes and inserts rows, and undoes and redoes that', async () => {
    start();
    const { channel, document, edits } = await opened();
    const revision = (await channel.request('hello', null)).overview.revision;
    await channel.request('edit', { revision, edit: { kind: 'swap', row: 0 } });
    await channel.request('edit', { revision, edit: { kind: 'delete', row: 2 } });
    const { overview } = await channel.request('edit', { revision, edit: { kind: 'insert', row: 1 } });
    expect(overview.rows).toBe(3);
    for (const step of edits.toReversed()) await step.undo();
    await editor.saveCustomDocument(document);
    expect(text()).toBe(content);
    for (const step of edits) await step.redo();
    await editor.saveCustomDocument(document);
    const [first] = text().split('\n');
    expect(JSON.parse(must(first, 'the first row'))).toMatchObject({ chosen: 'No.', rejected: 'Yes.' });
  });

  it('finds words and numbers, sorts, and says what it cannot search', async () => {
    start();
    const { channel } = await opened();
    await channel.request('hello', null);
    const view = { filter: '', sort: 'row', descending: false, rewards: null, before: null };
    const labels = async (): Promise<readonly string[]> =>
      (await channel.request('rows', { from: 0, count: 9, columns: [] })).rows.map(({ label }) => label);
    await channel.request('setView', { ...view, filter: 'fish' });
    await expect.poll(labels).toEqual(['Do fish sleep?']);
    await channel.request('setView', { ...view, filter: 'len(prompt)>12' });
    await expect.poll(labels).toEqual(['Are cats liquid?', 'Do fish sleep?']);
    await channel.request('setView', { ...view, sort: 'len(prompt)', descending: true });
    await expect.poll(labels).toEqual(['Are cats liquid?', 'Do fish sleep?', 'Is it late?']);
    await expect(channel.request('setView', { ...view, filter: 'margin:<0' })).rejects.toMatchObject({
      code: 'needs-desktop',
    });
  });

  it('reads a file in the format that the person chose, until the choice is forgotten', async () => {
    start();
    const { channel } = await opened();
    await channel.request('hello', null);
    const reason = async (): Promise<unknown> => (await channel.request('detail', { row: 0 })).pair?.shape ?? null;
    const before = await reason();
    vscode.pick = (items) => items.find(({ detail }) => detail === 'nectar');
    await must(vscode.commands.get('margin.chooseFormat'), 'the command')();
    expect(vscode.errors).toEqual([]);
    expect(vscode.remembered.get('readings')).toMatchObject({ 'prefs.jsonl': { format: 'nectar' } });
    expect(await reason()).toBe(null);
    await must(vscode.commands.get('margin.forgetFormat'), 'the command')();
    expect(await reason()).toBe(before);
  });

  it('reads columns and severities from the settings', async () => {
    start({ '/prefs.jsonl': JSON.stringify({ q: 'Why?', good: 'So.', bad: 'No.' }) });
    vscode.settings.set('margin.columns', { '*.jsonl': { prompt: 'q', chosen: 'good', rejected: 'bad' } });
    const { channel } = await opened();
    await channel.request('hello', null);
    expect((await channel.request('detail', { row: 0 })).pair?.chosen[0]?.content).toBe('So.');
  });

  it('pairs the answers of a list by the chosen rule', async () => {
    const answers = ['a', 'b', 'c'].map((answer, rank) => ({ answer, rank: rank + 1, model: 'm' }));
    start({ '/prefs.jsonl': JSON.stringify({ prompt: 'Human: Why?', answers }) });
    const { channel } = await opened();
    await channel.request('hello', null);
    const pairs = async (): Promise<unknown> => (await channel.request('detail', { row: 0 })).list?.pairCount;
    await channel.request('setPairRule', { rule: { ...defaultPairRule, name: 'best-all' } });
    expect(await pairs()).toBe(2);
    await channel.request('setPairRule', { rule: { ...defaultPairRule, name: 'best-worst' } });
    expect(await pairs()).toBe(1);
  });

  it('gives a turn the role that the person chose', async () => {
    start();
    const { channel } = await opened();
    const { revision } = (await channel.request('hello', null)).overview;
    const asked: unknown[] = [];
    channel.on('editTurn', (edit) => asked.push(edit));
    vscode.pick = (items) => items.find(({ label }) => label === 'system');
    const turn = { webviewSection: 'turn', row: 0, side: 'chosen', turn: 0, role: 'assistant', revision };
    await must(vscode.commands.get('margin.turn.changeRole'), 'the command')(turn);
    await expect
      .poll(() => asked)
      .toEqual([{ revision, edit: { kind: 'changeRole', row: 0, side: 'chosen', turn: 0, role: 'system' } }]);
  });

  it('counts values of fields that it knows, and none of others', async () => {
    start();
    const { channel } = await opened();
    await channel.request('hello', null);
    const facets = await channel.request('facets', { fields: ['kind', 'verdict'], most: 5 });
    expect(facets.map(({ field, values }) => [field, values.length])).toEqual([
      ['kind', 1],
      ['verdict', 0],
    ]);
  });

  it('has the unsaved edits again after the window was closed', async () => {
    start();
    const { channel, document } = await opened();
    const { revision } = (await channel.request('hello', null)).overview;
    await channel.request('edit', { revision, edit: { kind: 'delete', row: 0 } });
    const { id } = await editor.backupCustomDocument(document, { destination: new FakeUri('/backup') });
    const again = await opened(id);
    expect((await again.channel.request('hello', null)).overview.rows).toBe(2);
  });

  it('asks before it overwrites what another program wrote', async () => {
    start();
    const { channel, document } = await opened();
    const { revision } = (await channel.request('hello', null)).overview;
    await channel.request('edit', { revision, edit: { kind: 'delete', row: 0 } });
    vscode.files.set('/prefs.jsonl', new TextEncoder().encode(`${content}\n${row('New?')}\n`));
    await expect(editor.saveCustomDocument(document)).rejects.toThrow();
    expect(vscode.errors).toEqual(['Another program has changed this file since it was opened.']);
    expect(text()).toContain('New?');
    await editor.revertCustomDocument(document);
    expect((await channel.request('hello', null)).overview.rows).toBe(4);
  });

  it('edits a table, whose other records keep their bytes', async () => {
    const table = 'prompt,chosen,rejected\r\n"Are cats\nliquid?" ,  Yes.,"No."\r\nWhy?,"a, b",c';
    start({ '/prefs.jsonl': table });
    const { channel, document, edits } = await opened();
    const { overview } = await channel.request('hello', null);
    expect(overview).toMatchObject({ rows: 2, otherKind: null, unit: 'row' });
    const edit = { kind: 'text', row: 1, side: 'rejected', turn: 0, content: 'say "x"' } as const;
    await channel.request('edit', { revision: overview.revision, edit });
    await editor.saveCustomDocument(document);
    expect(text()).toBe(table.replace(/,c$/, ',"say ""x"""'));
    await at(edits, 0).undo();
    await editor.saveCustomDocument(document);
    expect(text()).toBe(table);
  });

  it('says which files the desktop opens, in place of their rows', async () => {
    start({ '/prefs.jsonl': 'PAR1....' });
    const { channel } = await opened();
    const { overview } = await channel.request('hello', null);
    expect(overview.otherKind).toContain('a Parquet file');
    expect(overview.rows).toBe(0);
  });

  it('has every command of the manifest; one that needs the desktop says so', async () => {
    start();
    const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      contributes: { commands: { command: string }[] };
    };
    expect([...vscode.commands.keys()].sort()).toEqual(contributes.commands.map(({ command }) => command).sort());
    await must(vscode.commands.get('margin.train'), 'the command')();
    expect(vscode.errors).toEqual([expect.stringMatching(/^“Train.*” needs VS Code on the desktop/)]);
  });
});
