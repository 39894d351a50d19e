import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { LinesDocument } from '../../../src/jsonl/node/document';
import { fileError } from '../../../src/base/node/fileError';
import { temporaryPath } from '../../../src/base/node/temporaryFile';
import type { Edit } from '../../../src/pairs/edits';
import { caseCount } from '../cases';
import { leftovers, temporaryFolder } from './temporaryFolder';

/** Many processes take their time on a busy machine. */
const processMs = 300_000;

const folder = temporaryFolder();
const file = path.join(folder, 'rows.jsonl');

async function saved(content: string | Buffer, ...edits: Edit[]): Promise<Buffer> {
  writeFileSync(file, content);
  const document = await LinesDocument.open(file);
  await document.whenIndexed();
  for (const edit of edits) document.applyEdit(edit);
  await document.save();
  await document.close();
  return readFileSync(file);
}

const replace = (row: number, line: string): Edit => ({ op: 'replace', row, line, previous: '' });
const insert = (row: number, ...lines: string[]): Edit => ({ op: 'insert', row, lines });

describe('saving', () => {
  it.each([
    ['the line ends of the file for new lines', 'a\r\nb\r\n', [insert(1, 'n')], 'a\r\nn\r\nb\r\n'],
    [
      'the line end of a changed line in a mixed file',
      'a\r\nb\nc\n',
      [replace(0, 'A'), insert(3, 'n')],
      'A\r\nb\nc\nn\n',
    ],
    ['a missing last line end behind an insert', 'a\nb', [insert(2, 'n')], 'a\nb\nn'],
    ['a missing last line end behind a delete', 'a\r\nb', [{ op: 'delete', row: 1, lines: ['b'] }], 'a'],
    ['a missing last line end behind a move', 'a\nb\nc', [{ op: 'move', from: 2, count: 1, to: 0 }], 'c\na\nb'],
    ['a missing last line end of a changed line', 'a\nb', [replace(1, 'B')], 'a\nB'],
    ['a byte order mark', '\ufeffa\nb\n', [{ op: 'delete', row: 0, lines: ['a'] }], '\ufeffb\n'],
    ['blank lines', '\n\na\n\n', [replace(2, 'A')], '\n\nA\n\n'],
    ['an empty file, to which lines are added', '', [insert(0, 'a', 'b')], 'a\nb\n'],
    ['nothing when all is deleted', 'a\n', [{ op: 'delete', row: 0, lines: ['a'] }], ''],
  ] as const)('keeps %s', async (_, content, edits, expected) => {
    expect((await saved(content, ...edits)).toString()).toBe(expected);
  });

  it('keeps bytes that are not UTF-8, and restores them when their deletion is undone after a save', async () => {
    const bytes = Buffer.from([0xff, 0x0a, 0xe2, 0x82, 0x0a, 0x61, 0x0a]);
    expect(await saved(bytes, replace(2, 'b'))).toEqual(Buffer.concat([bytes.subarray(0, 5), Buffer.from('b\n')]));
    writeFileSync(file, bytes);
    const document = await LinesDocument.open(file);
    await document.whenIndexed();
    const applied = document.applyEdit({ op: 'delete', row: 1, lines: await document.lines(1, 1) });
    await document.save();
    applied.undo();
    await document.save();
    await document.close();
    expect(readFileSync(file)).toEqual(bytes);
  });

  it('keeps permission bits and writes through a symbolic link', async () => {
    const target = path.join(folder, 'target.jsonl');
    writeFileSync(target, 'a\n');
    chmodSync(target, 0o640);
    const link = path.join(folder, 'link.jsonl');
    symlinkSync(target, link);
    const document = await LinesDocument.open(link);
    await document.whenIndexed();
    document.applyEdit(replace(0, 'b'));
    await document.save();
    expect(await document.follow()).toBe('same');
    await document.close();
    expect([readFileSync(target, 'utf8'), statSync(target).mode & 0o777, lstatSync(link).isSymbolicLink()]).toEqual([
      'b\n',
      0o640,
      true,
    ]);
  });

  it('leaves nothing behind when it is cancelled', async () => {
    writeFileSync(file, 'a\n'.repeat(1000));
    const document = await LinesDocument.open(file);
    await document.whenIndexed();
    document.applyEdit(replace(0, 'b'));
    await expect(document.save({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    expect([document.isDirty, readFileSync(file, 'utf8').startsWith('a\n'), leftovers(folder)]).toEqual([
      true,
      true,
      [],
    ]);
    await document.close();
  });

  it('says that the disk is full and what to do', () => {
    const error = fileError(
      Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }),
      'write',
      'rows.jsonl',
    );
    expect(error).toMatchObject({
      code: 'disk-full',
      message: expect.stringContaining('rows.jsonl: the disk is full; free some space'),
    });
  });
});

describe.skipIf(process.platform === 'win32')('a process that saves', () => {
  const program = path.join(folder, 'saver.mjs');
  const old = `${'old line é\n'.repeat(100_000)}`;
  const expected = old.replaceAll('old', 'new');

  beforeAll(async () => {
    const contents = `
      import { LinesDocument } from '${path.resolve('src/jsonl/node/document.ts')}';
      const document = await LinesDocument.open(process.argv[2]);
      await document.whenIndexed();
      const lines = await document.lines(0, document.rowCount);
      document.applyEdit({ op: 'delete', row: 0, lines });
      document.applyEdit({ op: 'insert', row: 0, lines: lines.map((line) => line.replace('old', 'new')) });
      process.stdout.write('saving');
      await document.save().catch((error) => { process.stdout.write(' ' + error.code); process.exit(3); });
      process.exit(0);`;
    await build({
      stdin: { contents, resolveDir: '.' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: program,
      logLevel: 'error',
    });
  });

  it(
    'leaves the old file or the new one when it is killed at any moment',
    async () => {
      const seed = 20;
      const random = seededRandom(seed);
      const seen = new Set<string>();
      let whole = 0;
      for (let round = 0; round < caseCount(8); round++) {
        writeFileSync(file, old);
        const child = spawn(process.execPath, [program, file], { stdio: ['ignore', 'pipe', 'inherit'] });
        const ended = new Promise((resolve) => child.on('exit', resolve));
        await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
        const started = performance.now();
        // The first round is not killed: it tells how long a save takes.
        const delay = round === 0 ? 60_000 : random() * whole;
        let timer: NodeJS.Timeout | undefined;
        await Promise.race([new Promise((resolve) => (timer = setTimeout(resolve, delay))), ended]);
        clearTimeout(timer);
        child.kill('SIGKILL');
        await ended;
        whole ||= performance.now() - started;
        const content = readFileSync(file, 'utf8');
        seen.add(
          content === old
            ? 'old'
            : content === expected
              ? 'new'
              : `torn: seed ${seed}, round ${round}, killed after ${delay} ms`,
        );
      }
      expect([...seen].toSorted()).toEqual(['new', 'old']);
      await (await LinesDocument.open(file)).close();
      expect(leftovers(folder)).toEqual([]);
    },
    processMs,
  );

  /**
   * Kills a save while its new file is beside the old one. A save may end before the signal comes; then this tries
   * again.
   */
  async function killedWhileWriting(): Promise<string[]> {
    for (;;) {
      writeFileSync(file, old);
      const child = spawn(process.execPath, [program, file], { stdio: ['ignore', 'ignore', 'inherit'] });
      const ended = new Promise((resolve) => child.on('exit', resolve));
      while (child.exitCode === null && leftovers(folder).length === 0)
        await new Promise((resolve) => setImmediate(resolve));
      child.kill('SIGKILL');
      await ended;
      if (leftovers(folder).length > 0) return leftovers(folder);
    }
  }

  it.each([
    ['opened', async () => (await LinesDocument.open(file)).close()],
    ['saved', () => saveFromElsewhere(file)],
  ])(
    'leaves the old file and a part of the new one when it is killed while it writes; the part is removed when the file is next %s',
    async (_, next) => {
      expect(await killedWhileWriting()).toHaveLength(1);
      expect(readFileSync(file, 'utf8') === old).toBe(true);
      await next();
      expect(leftovers(folder)).toEqual([]);
    },
  );

  async function saveFromElsewhere(target: string): Promise<void> {
    const elsewhere = path.join(folder, 'elsewhere.jsonl');
    writeFileSync(elsewhere, 'a\n');
    const document = await LinesDocument.open(elsewhere);
    await document.saveAs(target);
    await document.close();
  }

  it('keeps temporary files of living processes and of other machines', async () => {
    const theirs = [
      temporaryPath(file),
      path.join(folder, path.basename(temporaryPath(file)).replace(/\.[0-9a-f]{8}-\d+-/, '.00000000-999999999-')),
      temporaryPath(path.join(folder, 'other.jsonl')),
    ];
    for (const name of theirs) writeFileSync(name, '');
    await saved('a\n', replace(0, 'b'));
    expect(leftovers(folder).toSorted()).toEqual(theirs.map((name) => path.basename(name)).toSorted());
    for (const name of theirs) rmSync(name);
  });

  it('leaves the old file and nothing else if the disk limit is reached', () => {
    writeFileSync(file, old);
    const before = readdirSync(folder).toSorted();
    const command = `trap '' XFSZ; ulimit -f 1000; exec "$@"`;
    const { stdout, status } = spawnSync('bash', ['-c', command, 'bash', process.execPath, program, file], {
      encoding: 'utf8',
    });
    expect([stdout, status]).toEqual(['saving disk-full', 3]);
    expect(readFileSync(file, 'utf8') === old).toBe(true);
    expect(readdirSync(folder).toSorted()).toEqual(before);
  });

  it.each([
    ['folder', 0o555, 0o644],
    ['file', 0o777, 0o444],
  ])('says that a %s may not be written', (_, folderMode, fileMode) => {
    const locked = path.join(folder, `locked-${folderMode}`);
    const inside = path.join(locked, 'rows.jsonl');
    mkdirSync(locked);
    writeFileSync(inside, 'old\n');
    chmodSync(inside, fileMode);
    chmodSync(locked, folderMode);
    chmodSync(folder, 0o755);
    // Root may write anything, so the process becomes another user.
    const somebody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const { stdout, status } = spawnSync(process.execPath, [program, inside], { encoding: 'utf8', ...somebody });
    expect([stdout, status]).toEqual(['saving not-writable', 3]);
    expect([readFileSync(inside, 'utf8'), readdirSync(locked)]).toEqual(['old\n', ['rows.jsonl']]);
    chmodSync(locked, 0o755);
  });
});
