import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BrowserFile, maxFileBytes } from '../../../src/web/browserFile';
import { refuseUnknown } from '../../../src/web/browserQuery';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A file system with one file. */
function filesWith(content: Uint8Array, size = content.length) {
  const file = { content, mtime: 1, size };
  return {
    file,
    stat: async () => ({ size: file.size, mtime: file.mtime }),
    readFile: async () => file.content,
    writeFile: async (_: string, bytes: Uint8Array) => void Object.assign(file, { content: bytes, size: bytes.length }),
  };
}

const open = (
  content: Uint8Array,
  name = 'prefs.jsonl',
  size?: number,
): Promise<{ readonly otherKind: string | null }> => new BrowserFile(filesWith(content, size), 'uri', name).read();

describe('a file in the browser', () => {
  it.each([
    ['{"prompt": "a"}\n{"prompt": "b"}\n', 2],
    ['[{"prompt": "a"}, {"prompt": "b"}, {"prompt": "c"}]', 3],
    ['', 0],
    ['prompt,chosen,rejected\n"two\nlines",a,b\nc,d,e\n', 2],
    ['prompt\tchosen\trejected\r\na\tb\tc', 1],
  ])('is read if it holds lines, an array or a table: %j', async (text, rows) => {
    const opened = await new BrowserFile(filesWith(bytesOf(text)), 'uri', 'prefs.jsonl').read();
    expect(opened.rows?.index.count).toBe(rows);
  });

  it.each([
    ['prefs.jsonl.gz', new Uint8Array(gzipSync('{}\n')), 'compressed with gzip'],
    ['prefs.parquet', bytesOf('PAR1xxxx'), 'a Parquet file'],
  ])('that only the desktop reads is named, with the next step: %s', async (name, bytes, kind) => {
    const { otherKind } = await open(bytes, name);
    expect(otherKind).toContain(kind);
    expect(otherKind).toContain('VS Code on the desktop');
  });

  it('is refused by its size before it is read', async () => {
    const { otherKind } = await open(new Uint8Array(0), 'prefs.jsonl', maxFileBytes + 1);
    expect(otherKind).toContain('51 MB');
    expect(otherKind).toContain('up to 50 MB');
  });

  it.each([
    ['prefs.json', '[{"a": 1}, {"a"', 'prefs.json'],
    ['prefs.csv', 'prompt,,rejected\na,b,c\n', 'prefs.csv, line 1: column 2 of 3 has no name'],
    ['prefs.csv', 'prompt,chosen\na,"b\n', 'prefs.csv, line 2: a cell begins with a quote (") and never ends'],
  ])('that cannot be read says what is wrong: %s, %j', async (name, text, message) => {
    expect((await open(bytesOf(text), name)).otherKind).toContain(message);
  });

  it('counts as changed if its bytes differ, and not if only its time does', async () => {
    const files = filesWith(bytesOf('1\n'));
    const file = new BrowserFile(files, 'uri', 'prefs.jsonl');
    await file.read();
    expect(await file.state()).toBe('same');
    files.file.mtime = 2;
    expect(await file.state()).toBe('same');
    files.file.content = bytesOf('2\n');
    expect(await file.state()).toBe('changed');
    await file.write(bytesOf('3\n'));
    expect(await file.state()).toBe('same');
  });

  it('counts as changed by its bytes where the file system gives no times', async () => {
    const files = filesWith(bytesOf('1\n'));
    files.file.mtime = 0;
    const file = new BrowserFile(files, 'uri', 'prefs.jsonl');
    await file.read();
    expect(await file.state()).toBe('same');
    files.file.content = bytesOf('2\n');
    expect(await file.state()).toBe('changed');
  });

  it('is gone if the file system does not find it; other errors are thrown', async () => {
    const files = filesWith(bytesOf('1\n'));
    let code = 'FileNotFound';
    const fail = (): Promise<never> => Promise.reject(Object.assign(new Error('x'), { code }));
    const file = new BrowserFile({ ...files, stat: () => (code === '' ? files.stat() : fail()) }, 'uri', 'prefs.jsonl');
    expect(await file.state()).toBe('gone');
    code = 'Unavailable';
    await expect(file.state()).rejects.toThrow('x');
  });

  it.each([
    [true, 0, null],
    [undefined, 0, null],
    [undefined, 1, 'prefs.jsonl is read-only, so its rows are only shown'],
    [false, 0, 'prefs.jsonl is in a place that takes no changes'],
  ])('where files can be written: %s, with the permissions %i, says why it is not edited: %s', async (...given) => {
    const [isWritable, permissions, reason] = given;
    const files = filesWith(bytesOf('1\n'));
    const stat = async () => ({ ...(await files.stat()), permissions });
    const file = new BrowserFile({ ...files, stat }, 'uri', 'prefs.jsonl', isWritable);
    await file.read();
    if (reason === null) expect(file.readOnly).toBe(null);
    else expect(file.readOnly).toContain(reason);
  });

  it('that cannot be written says so, and that edits are kept', async () => {
    const files = { ...filesWith(bytesOf('1\n')), writeFile: () => Promise.reject(new Error('read-only')) };
    const file = new BrowserFile(files, 'uri', 'prefs.jsonl');
    await expect(file.write(bytesOf('2\n'))).rejects.toMatchObject({ code: 'not-writable' });
  });
});

describe('a filter in the browser', () => {
  const view = { sort: 'row', descending: false, rewards: null, before: null };

  it.each(['cats', '"two words"', 'len(chosen)>5', 'problem', 'edited', 'model:gpt'])('is taken: %s', (filter) => {
    expect(() => refuseUnknown({ ...view, filter })).not.toThrow();
  });

  it.each(['margin:<0', 'verdict:swap', 'tokens>9', 'changed:yes', 'lang:de', '/a+b/', 'cats or suspect:>0.5'])(
    'is refused if it would find nothing for want of data or of a time limit: %s',
    (filter) => {
      expect(() => refuseUnknown({ ...view, filter })).toThrow('VS Code on the desktop');
    },
  );

  it('is refused for a sort order that needs rewards', () => {
    expect(() => refuseUnknown({ ...view, filter: '', sort: 'margin' })).toThrow('Rewards (margin)');
  });
});
