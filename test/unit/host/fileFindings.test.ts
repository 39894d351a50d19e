import { checksOf } from '../../../src/host/pairEditor/pageWork';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileFindings } from '../../../src/editor/fileFindings';
import { defaultPairRule } from '../../../src/pairs/pairRule';
import { detectAll } from '../../../src/pairs/reading';
import { checksHere } from './checksHere';
import { LinesDocument } from '../../../src/jsonl/node/document';

const row = (prompt: string, rest = {}): string =>
  JSON.stringify({ prompt, chosen: 'Yes, it is.', rejected: 'No, it is not.', ...rest });

describe('problems that only the whole file shows', () => {
  let folder = '';
  let lines: LinesDocument;
  let findings: FileFindings;
  let looks = 0;
  let rule = defaultPairRule;

  async function open(rows: readonly string[]): Promise<void> {
    const file = join(folder, 'prefs.jsonl');
    await writeFile(file, `${rows.join('\n')}\n`);
    lines = await LinesDocument.open(file);
    await lines.whenIndexed();
    looks = 0;
    rule = defaultPairRule;
    findings = new FileFindings(
      lines,
      () => ({ ...detectAll, rule }),
      checksOf(lines, checksHere),
      () => void looks++,
    );
    findings.soon();
    await expect.poll(() => looks).toBe(1);
  }
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'margin-findings-'))));
  afterEach(async () => {
    findings.close();
    await lines.close();
    await rm(folder, { recursive: true });
  });

  it('names a key that is not read once, and not at each row', async () => {
    await open(
      ['Is it?', 'Was it?', 'Will it be?'].map((prompt) => row(prompt, { instruction: `Answer: ${prompt} Be short.` })),
    );
    expect(findings.findings).toEqual([
      expect.objectContaining({ code: 'unread-key', field: 'instruction', count: 3, lines: [1, 2, 3] }),
    ]);
    expect(findings.listed).toEqual([]);
  });

  it('says which row repeats an earlier one, and follows it through edits', async () => {
    await open([row('Is it?'), row('Was it?'), row('Is it?')]);
    expect(findings.related(2).map(({ code }) => code)).toEqual(['duplicate']);
    expect(findings.relatedOnly).toBe(1);
    lines.applyEdit({ op: 'insert', row: 0, lines: [row('New?')] });
    expect(findings.related(2)).toEqual([]);
    expect(findings.related(3).map(({ code }) => code)).toEqual(['duplicate']);
    lines.applyEdit({ op: 'replace', row: 3, line: row('Other?'), previous: row('Is it?') });
    findings.soon();
    await expect.poll(() => looks, { timeout: 5000 }).toBe(2);
    expect(findings.related(3)).toEqual([]);
    expect(findings.listed).toEqual([]);
  });

  it('counts the pairs that each rule gives of the lists, and after a change of the rule counts again', async () => {
    const list = { prompt: 'Q', responses: ['a', 'b', 'c'], scores: [3, 3, 1] };
    await open([row('Is it?'), JSON.stringify(list), JSON.stringify({ ...list, prompt: 'R', scores: [1, 1, 1] })]);
    const perRule = { 'best-worst': 1, 'best-all': 1, neighbours: 1, gap: 2 };
    expect(findings.lists).toEqual({ counts: { rows: 2, left: 1, ties: 1, perRule } });
    rule = { name: 'neighbours', gap: 1, ties: 'both' };
    findings.forget();
    expect(findings.lists).toEqual({ counts: null });
    findings.soon();
    await expect.poll(() => looks).toBe(2);
    const both = { 'best-worst': 3, 'best-all': 7, neighbours: 7, gap: 10 };
    expect(findings.lists).toEqual({ counts: { rows: 2, left: 0, ties: 3, perRule: both } });
  });

  it('are searched once for each revision', async () => {
    await open([row('Is it?')]);
    findings.soon();
    lines.applyEdit({ op: 'insert', row: 0, lines: [row('New?')] });
    findings.soon();
    findings.soon();
    await expect.poll(() => looks, { timeout: 5000 }).toBe(2);
  });
});
