import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import { delimiterOf } from '../../../../src/jsonl/containers/csvDialect';
import { readPairs, type ReadRow } from '../../../../src/jsonl/node/readPairs';
import { writeCsv } from '../../../../src/jsonl/node/writeRows/csv';
import { detectAll } from '../../../../src/pairs/reading';
import { temporaryFolder } from '../temporaryFolder';

const folder = temporaryFolder();

async function collect(file: string): Promise<ReadRow[]> {
  const all: ReadRow[] = [];
  for await (const row of readPairs(file, { reading: detectAll })) all.push(row);
  return all;
}

function read(content: string | Uint8Array, name = 'rows.csv'): Promise<ReadRow[]> {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return collect(file);
}

const header = 'prompt,chosen,rejected\n';

describe('a CSV file', () => {
  it('gives texts under the names of its header; a row has the line at which it begins', async () => {
    const rows = await read(`${header}"two\nlines, ""quoted""",5,true\n\nQ, a , b\n`);
    expect(rows.map(({ line, value }) => [line, value])).toEqual([
      [2, { prompt: 'two\nlines, "quoted"', chosen: '5', rejected: 'true' }],
      [5, { prompt: 'Q', chosen: ' a ', rejected: ' b' }],
    ]);
  });

  it.each([
    ['HelpSteer2', 'prompt,response_1,response_2,preference_strength\nQ,a,b,-2\n', 'pair'],
    ['PKU-SafeRLHF', 'prompt,response_0,response_1,better_response_id\nQ,a,b,0\n', 'pair'],
    ['SHP', 'history,human_ref_A,human_ref_B,labels\nQ,a,b,1\n', 'pair'],
    [
      'the arena on Kaggle',
      'prompt,response_a,response_b,winner_model_a,winner_model_b,winner_tie\n"[""Q""]","[""a""]","[""b""]",1,0,0\n',
      'pair',
    ],
    [
      'OpenPipe',
      'messages,rejected_response\n"[{""role"":""user"",""content"":""Q""},{""role"":""assistant"",""content"":""a""}]",b\n',
      'pair',
    ],
    [
      'LLaMA-Factory',
      'conversations,chosen,rejected\n"[{""from"":""human"",""value"":""Q""}]","{""from"":""gpt"",""value"":""a""}",b\n',
      'pair',
    ],
    ['a list of answers', 'prompt,responses,scores\nQ,"[""a"", ""b""]","[1, 0.5]"\n', 'list'],
    ['KTO of Python', 'prompt,completion,label\nQ,a,True\n', 'judged'],
  ])('has numbers, labels and lists where %s has them', async (_, content, kind) => {
    const [row] = await read(content);
    expect(row?.result.kind).toBe(kind);
  });

  it('keeps texts that only look like numbers or lists', async () => {
    const [row] = await read('instruction,input,chosen,rejected\nSort.,"[3, 1]",1,true\n');
    expect(row?.value).toEqual({ instruction: 'Sort.', input: '[3, 1]', chosen: '1', rejected: 'true' });
  });

  it('whose cells are lists of messages as JSON is read as chat', async () => {
    const chat = (text: string): string =>
      `"${JSON.stringify([
        { role: 'user', content: 'Q' },
        { role: 'assistant', content: text },
      ]).replaceAll('"', '""')}"`;
    const [row] = await read(`chosen,rejected\n${chat('yes')},${chat('no')}\n`);
    expect(row?.result).toMatchObject({
      kind: 'pair',
      format: { id: 'implicit-conversational' },
      pair: { style: 'chat' },
    });
  });

  it('keeps a quote inside a cell without quotes', async () => {
    const [row] = await read(`${header}a 5" pipe,"x",y\n`);
    expect(row?.value).toMatchObject({ prompt: 'a 5" pipe' });
  });

  it.each<[string, string, number, string]>([
    ['too many cells', `${header}Q,a,b,c\nQ,a,b\n`, 2, 'The row has 4 cells, and the header has 3: put quotes'],
    ['too few cells', `${header}Q,a,b\nQ,a\n`, 3, '"rejected" and what follows it are missing'],
    ['text after a closing quote', `${header}Q,"a "very" b",c\nQ,a,b\n`, 2, 'Cell 2 continues after its closing quote'],
    ['both kinds of quotes', `${header}5" pipe,"a "very" b",c\nQ,a,b\n`, 2, 'Cell 2 continues after its closing quote'],
  ])('names the row with %s and reads the others', async (_, content, line, message) => {
    const rows = await read(content);
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      if (row.line !== line) expect(row.result.kind).toBe('pair');
      else
        expect(row.result).toMatchObject({
          kind: 'not-a-pair',
          problems: [{ severity: 'error', message: expect.stringContaining(message) }],
        });
    }
  });

  it('in latin1 names the cell whose bytes are not UTF-8, and loses no other row', async () => {
    const rows = await read(Buffer.from(`${header}café,a,b\nQ,a,b\n`, 'latin1'));
    expect(rows.map(({ result }) => result.kind)).toEqual(['not-a-pair', 'pair']);
    expect(rows[0]?.result).toMatchObject({ problems: [{ code: 'not-utf8', field: 'prompt' }] });
  });

  it.each<[string, string, string, string]>([
    [
      'two columns of one name',
      'prompt,chosen,chosen\nQ,a,b\n',
      'csv-header',
      'rows.csv, line 1: two columns are named "chosen"',
    ],
    ['a column without a name', ',prompt,chosen,rejected\n0,Q,a,b\n', 'csv-header', 'column 1 of 4 has no name'],
    [
      'a quote that is never closed',
      `${header}Q,a,b\nQ,"a,b\nQ,a,b\n`,
      'csv-open-quote',
      'rows.csv, line 3: a cell begins with a quote',
    ],
  ])('with %s is refused, and the message names the place', async (_, content, code, message) => {
    await expect(read(content)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('with a cell of more than 100 MB is refused at the line where the row begins', async () => {
    const huge = Buffer.concat([Buffer.from(`${header}Q,"`), Buffer.alloc(101 << 20, 'x')]);
    await expect(read(huge)).rejects.toMatchObject({ code: 'row-too-long', details: { line: 2 } });
  });

  it('with one column is a table only if the file’s name ends in .csv or .tsv', async () => {
    const content = 'question\nHow are you?\nWho are you?\n';
    expect((await read(content, 'one.csv')).map(({ value }) => value)).toEqual([
      { question: 'How are you?' },
      { question: 'Who are you?' },
    ]);
    await expect(read(content, 'one.jsonl')).rejects.toMatchObject({ message: expect.stringContaining('plain text') });
    expect((await read('{"prompt": "Q", "chosen": "a", "rejected": "b"}\n', 'json.csv'))[0]?.result.kind).toBe('pair');
  });
});

describe('the delimiter', () => {
  it.each([
    ['prompt,chosen\n"a;b;c",d\n', ','],
    ['prompt;chosen\n"a,b",c\nd;e\n', ';'],
    ['prompt\tchosen, or not\na\tb, c, d\n', '\t'],
    ['prompt\nhello; you, there\n', ','],
  ])('of %j is %j: most records have as many cells as the header', (text, delimiter) => {
    expect(delimiterOf(text)).toBe(delimiter);
  });
});

describe('written CSV', () => {
  it('is read as the same texts, for any texts', async () => {
    const seed = Date.now();
    console.info(`seed ${seed}`);
    const next = seededRandom(seed);
    const pieces = ['"', ',', ';', '\t', '\n', '\r\n', '\r', ' ', 'é', '😀', "'", '\\', 'a', '', '\ufeff', '{"a": 1}'];
    const text = (): string =>
      Array.from({ length: Math.floor(next() * 6) }, () => pieces[Math.floor(next() * pieces.length)]).join('');
    for (const delimiter of [',', ';', '\t'] as const) {
      const rows = Array.from({ length: 300 }, () => ({ prompt: text(), chosen: text(), rejected: text() }));
      const file = path.join(folder, 'written.csv');
      const columns = ['prompt', 'chosen', 'rejected'].map((name) => ({ name, type: 'text' as const }));
      expect(await writeCsv(rows, file, columns, { delimiter })).toBe(300);
      expect((await collect(file)).map(({ text: json }): unknown => JSON.parse(json))).toEqual(rows);
    }
  });

  it('has numbers as in JSON, lists as JSON text, and empty cells for null', async () => {
    const file = path.join(folder, 'values.csv');
    const columns = ['a', 'b', 'c'].map((name) => ({ name, type: 'json' as const }));
    await writeCsv(
      [
        { a: 1.5, b: [{ text: 'Q' }] },
        { a: true, b: null, c: '' },
      ],
      file,
      columns,
    );
    expect((await collect(file)).map(({ value }) => value)).toEqual([
      { a: '1.5', b: '[{"text":"Q"}]', c: '' },
      { a: 'true', b: '', c: '' },
    ]);
  });

  it('refuses a key without a column and half a character, and leaves no file', async () => {
    const file = path.join(folder, 'refused.csv');
    const columns = [{ name: 'a', type: 'text' as const }];
    await expect(writeCsv([{ a: 'x' }, { b: 'y' }], file, columns)).rejects.toMatchObject({
      code: 'no-column',
      message: expect.stringContaining('Row 2'),
    });
    await expect(writeCsv([{ a: '\ud800' }], file, columns)).rejects.toMatchObject({ code: 'not-unicode' });
    await expect(collect(file)).rejects.toMatchObject({ code: 'missing' });
  });
});
