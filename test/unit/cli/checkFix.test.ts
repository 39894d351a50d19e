import { execFileSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { pairKey } from '../../../src/jsonl/node/pairKey';
import { MarkBook } from '../../../src/pairs/marks/markBook';
import { readMarkLine } from '../../../src/pairs/marks/markLines';
import { keyNumber } from '../../../src/pairs/keyNumber';
import { readPair } from '../../../src/pairs/readPair';
import { detectAll } from '../../../src/pairs/reading';
import { must } from '../../../src/base/pure/must';
import { temporaryFolder } from '../run/temporaryFolder';
import { CommandLine } from './commandLine';

const program = new CommandLine();
const good = '{"prompt":  "Q", "chosen": "Yes.", "rejected": "No.", "score": 1.0}';
const bad = '{"prompt":  "Q", "chosen": "Yes. ", "rejected": "N\\u0000o.", "score": NaN}';
const mended = '{"prompt":  "Q", "chosen": "Yes.", "rejected": "No.", "score": null}';

async function folderWith(text: string | Buffer, name = 'a.jsonl'): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, name), text);
  return folder;
}

describe('check --fix', () => {
  it('mends rows, keeps the bytes of the others, names a copy of the file, and checks the result', async () => {
    const folder = await folderWith(`${good}\r\n\r\n${bad}`);
    const { code, out, err } = await program.run(['check', 'a.jsonl', '--fix'], folder);
    expect(await readFile(join(folder, 'a.jsonl'), 'utf8')).toBe(`${good}\r\n\r\n${mended}`);
    expect(await readFile(join(folder, 'a.before-fix.jsonl'), 'utf8')).toBe(`${good}\r\n\r\n${bad}`);
    expect(out).toBe('a.jsonl:3: warning: The same pair as line 1: delete one of the two. [duplicate]\n');
    expect([code, err.split('\n')[0]]).toEqual([
      0,
      'a.jsonl: mended 1 row: not-json in 1, control-characters in 1, white-space in 1; the file before is a.before-fix.jsonl',
    ]);
  });

  it('--dry_run counts and changes nothing', async () => {
    const folder = await folderWith(bad);
    const { code, json } = await program.runHere(['check', 'a.jsonl', '--fix', '--dry_run', '--json'], folder);
    expect(json()[0]).toMatchObject({ rows: 1, fixed: { 'not-json': 1, 'white-space': 1 }, copy: null, dry_run: true });
    expect(code).toBe(1);
    expect(await readFile(join(folder, 'a.jsonl'), 'utf8')).toBe(bad);
    expect(await readdir(folder)).toEqual(['a.jsonl']);
  });

  it('--rule mends only this rule, also one that needs a decision', async () => {
    const line = '{"prompt": "Q", "chosen": "CafÃ©. ", "rejected": "No."}';
    const folder = await folderWith(line);
    await program.runHere(['check', 'a.jsonl', '--fix', '--rule', 'mojibake'], folder);
    expect(await readFile(join(folder, 'a.jsonl'), 'utf8')).toBe(line.replace('Ã©', 'é'));
  });

  it('makes no copy of a file whose content git has', async () => {
    const folder = await folderWith(bad);
    const git = (...argv: readonly string[]): void =>
      void execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...argv], {
        cwd: folder,
        stdio: 'ignore',
      });
    git('init');
    git('add', '.');
    git('commit', '-m', 'rows');
    await program.runHere(['check', 'a.jsonl', '--fix', '--rule', 'not-json'], folder);
    expect((await readdir(folder)).sort()).toEqual(['.git', 'a.jsonl']);
    await program.runHere(['check', 'a.jsonl', '--fix'], folder);
    expect((await readdir(folder)).sort()).toEqual(['.git', 'a.before-fix.jsonl', 'a.jsonl']);
  });

  it('carries the marks of a pair along', async () => {
    const line = '{"prompt": "Q", "chosen": "Yes. ", "rejected": "No."}';
    const folder = await folderWith(line);
    const mark = { kind: 'mark', key: keyOf(line), verdict: 'keep', by: 'ann', at: '2026-01-01T00:00:00Z' };
    await writeFile(join(folder, 'a.marks.jsonl'), JSON.stringify(mark));
    await program.runHere(['check', 'a.jsonl', '--fix'], folder);
    const book = new MarkBook();
    for (const text of (await readFile(join(folder, 'a.marks.jsonl'), 'utf8')).trim().split('\n')) {
      const read = readMarkLine(text);
      if (read.kind === 'mark') book.add(read.mark);
      if (read.kind === 'edit') book.addEdit(read.edit);
    }
    const key = keyNumber(keyOf(await readFile(join(folder, 'a.jsonl'), 'utf8')));
    expect(book.marksOf(key)).toMatchObject([{ verdict: 'keep', by: 'ann' }]);
  });

  it('mends arrays and tables too, and refuses packed files and configs', async () => {
    const folder = await folderWith('[\n {"prompt": "Q", "chosen": "Yes. ", "rejected": "No."}\n]\n', 'a.json');
    await writeFile(join(folder, 'b.csv'), 'prompt,chosen,rejected\nQ,Yes. ,No.\n');
    await writeFile(join(folder, 'c.jsonl.gz'), gzipSync(bad));
    await program.runHere(['check', 'a.json', 'b.csv', '--fix'], folder);
    expect(await readFile(join(folder, 'a.json'), 'utf8')).toBe(
      '[\n {"prompt": "Q", "chosen": "Yes.", "rejected": "No."}\n]\n',
    );
    expect(await readFile(join(folder, 'b.csv'), 'utf8')).toBe('prompt,chosen,rejected\nQ,Yes.,No.\n');
    const packed = await program.runHere(['check', 'c.jsonl.gz', '--fix'], folder);
    expect([packed.code, packed.err]).toEqual([
      1,
      expect.stringMatching(/is compressed with gzip, which is never written/),
    ]);
    expect((await program.runHere(['check', 'x.train.json', '--fix'], folder)).code).toBe(2);
  });
});

function keyOf(line: string): string {
  const result = readPair(line, detectAll);
  return pairKey(must(result.kind === 'pair' ? result.pair : null, 'a pair'));
}
