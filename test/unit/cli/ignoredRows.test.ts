import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { must } from '../../../src/base/pure/must';
import { rowKeys } from '../../../src/jsonl/node/marks/ignoredIn';
import { ignoreLine } from '../../../src/pairs/marks/markLines';
import { detectAll } from '../../../src/pairs/reading';
import { readRow } from '../../../src/pairs/readRow';
import { temporaryFolder } from '../run/temporaryFolder';
import { CommandLine } from './commandLine';
import { sarifProblems } from './sarifCheck';

const program = new CommandLine();
const rows = [
  '{"prompt": "Q", "chosen": "Ask jane@posteo.de.", "rejected": "No."}',
  '{"prompt": "R", "chosen": "Ask joe@posteo.de.", "rejected": ""}',
  '{"prompt": "R", "chosen": "Ask joe@posteo.de.", "rejected": ""}',
];

const ignored = (line: string, rule: string, at = '2026-11-29T12:00:00.000Z', on = true): string =>
  ignoreLine({ key: keyOf(line), rule, ignored: on, by: 'ann', at, extra: {} });

const keyOf = (line: string): string => must(rowKeys(readRow(line, detectAll)), 'a row with answers').own;

async function folderWith(marks: readonly string[], lines = rows): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'a.jsonl'), lines.join('\n'));
  await writeFile(join(folder, 'a.marks.jsonl'), marks.join('\n'));
  return folder;
}

const [first = '', second = ''] = rows;

describe('a rule that is ignored in a row', () => {
  it('is not reported there, and counted', async () => {
    const folder = await folderWith([ignored(first, 'personal-data')]);
    const { code, out, err } = await program.runHere(['check', 'a.jsonl', '--rule', 'personal-data'], folder);
    expect(out.match(/^a\.jsonl:\d+/gm)).toEqual(['a.jsonl:2', 'a.jsonl:3']);
    expect(err).toContain('a.jsonl: ignored in their rows: personal-data 1\n');
    expect(err).toContain('1 file, 3 rows: 0 errors, 0 warnings, 2 to look at, 1 ignored in its row\n');
    expect(code).toBe(0);
  });

  it('may be one that only the whole file shows: duplicates', async () => {
    const folder = await folderWith([ignored(second, 'duplicate')]);
    const { out } = await program.runHere(['check', 'a.jsonl', '--json', '--rule', 'duplicate'], folder);
    expect(
      out
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toEqual([{ file: join(folder, 'a.jsonl'), ignored: { duplicate: 1 } }]);
  });

  it('is reported again if the newest record says so, whatever the order of the lines', async () => {
    const again = ignored(first, 'personal-data', '2026-11-29T13:00:00.000Z', false);
    const folder = await folderWith([again, ignored(first, 'personal-data')]);
    const { err } = await program.runHere(['check', 'a.jsonl', '--rule', 'personal-data'], folder);
    expect(err).toContain('3 to look at\n');
  });

  it('stays ignored if another program exchanges the answers', async () => {
    const swapped = '{"prompt": "Q", "chosen": "No.", "rejected": "Ask jane@posteo.de."}';
    const folder = await folderWith([ignored(first, 'personal-data')], [swapped]);
    expect((await program.runHere(['check', 'a.jsonl'], folder)).err).toContain('1 ignored in its row');
  });

  it('is a suppressed result in SARIF, with who ignored it', async () => {
    const folder = await folderWith([ignored(first, 'personal-data')]);
    const { out } = await program.runHere(['check', 'a.jsonl', '--format', 'sarif'], folder);
    const log: unknown = JSON.parse(out);
    expect(sarifProblems(log)).toEqual([]);
    const justification = 'Ignored in this row by ann on 2026-11-29T12:00:00.000Z, says a.marks.jsonl.';
    expect(log).toMatchObject({
      runs: [
        {
          results: expect.arrayContaining([
            expect.objectContaining({
              ruleId: 'personal-data',
              suppressions: [{ kind: 'external', status: 'accepted', justification }],
            }),
          ]),
        },
      ],
    });
  });

  it('is not found by problem:, and by ignored:', async () => {
    const folder = await folderWith([ignored(first, 'personal-data'), ignored(second, 'duplicate')]);
    const count = async (query: string): Promise<string> =>
      (await program.runHere(['query', 'a.jsonl', query, '--count'], folder)).out.trim();
    expect(await count('problem:personal-data')).toBe('2');
    expect(await count('ignored:personal-data')).toBe('1');
    expect(await count('ignored:duplicate')).toBe('1');
    expect(await count('ignored:any')).toBe('2');
    expect(await count('problem:duplicate')).toBe('0');
    expect(await count('problems>0')).toBe('2');
  });

  it('is not mended by --fix, and stays ignored after another rule was mended', async () => {
    const line = '{"prompt": "Q", "chosen": "Yes. ", "rejected": "No.\\u0007"}';
    const folder = await folderWith([ignored(line, 'white-space')], [line]);
    await program.runHere(['check', 'a.jsonl', '--fix'], folder);
    expect(await readFile(join(folder, 'a.jsonl'), 'utf8')).toBe(
      '{"prompt": "Q", "chosen": "Yes. ", "rejected": "No."}',
    );
    const { out } = await program.runHere(['check', 'a.jsonl', '--json'], folder);
    expect(JSON.parse(out)).toEqual({ file: join(folder, 'a.jsonl'), ignored: { 'white-space': 1 } });
  });

  it('is never one of an error, which makes a row unusable', async () => {
    const line = '{"prompt": "Q", "chosen": "Yes.", "rejected": "No.", "weight": -1}';
    const folder = await folderWith([ignored(line, 'bad-weight')], [line]);
    const { code, out } = await program.runHere(['check', 'a.jsonl'], folder);
    expect([code, out]).toEqual([1, expect.stringContaining('[bad-weight]')]);
  });

  it('of judged answers and lists is ignored too', async () => {
    const judged = '{"prompt": "Q", "completion": "Ask jane@posteo.de.", "label": true}';
    const list = '{"prompt": "Q", "responses": ["Ask jane@posteo.de.", "No.", "Yes."], "scores": [1, 2, 3]}';
    const folder = await folderWith(
      [judged, list].map((line) => ignored(line, 'personal-data')),
      [judged, list],
    );
    const { err } = await program.runHere(['check', 'a.jsonl'], folder);
    expect(err).toContain('personal-data 2');
  });

  it('is named if its record cannot be read', async () => {
    const folder = await folderWith(['{"kind":"ignore","key":"0123456789abcdef","rule":7,"ignored":true}', '']);
    const { err } = await program.runHere(['check', 'a.jsonl'], folder);
    expect(err).toContain('a.marks.jsonl:1: its "rule" is not the id of a rule');
  });
});

it('a large file, which threads check, ignores rules in single rows', async () => {
  const long = 'A long answer. '.repeat(1000);
  const many = Array.from({ length: 600 }, (_, i) =>
    JSON.stringify({ prompt: `Question ${i}?`, chosen: `Yes, ${i}. ${long}Yes.`, rejected: 'No.' }),
  );
  const marked = JSON.stringify({ prompt: 'Who?', chosen: 'Ask jane@posteo.de.', rejected: 'No.' });
  const folder = await folderWith(
    [ignored(marked, 'personal-data'), ignored(marked, 'duplicate')],
    [marked, ...many, marked],
  );
  const { out, err } = await program.run(['check', 'a.jsonl'], folder);
  expect(out).toBe('');
  expect(err).toContain('a.jsonl: ignored in their rows: personal-data 2, duplicate 1\n');
});
