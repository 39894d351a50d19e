import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFile } from '../../../src/base/node/createFile';
import { appendToFile } from '../../../src/host/chat/appendToFile';
import { ColumnStore } from '../../../src/jsonl/node/columns/columnStore';
import { LinesDocument } from '../../../src/jsonl/node/document';
import { LineFile } from '../../../src/jsonl/node/lineFile';
import { writeCsv } from '../../../src/jsonl/node/writeRows/csv';
import { writeJsonLines } from '../../../src/jsonl/node/writeRows/jsonLines';
import { writeParquet } from '../../../src/jsonl/node/writeRows/parquet';
import type { RowColumn } from '../../../src/jsonl/node/writeRows/rowColumns';
import type { Pair } from '../../../src/pairs/pair';
import { detectAll } from '../../../src/pairs/reading';
import { closeLater, type Scenario } from './scenario';

const names = ['prompt', 'chosen', 'rejected'] as const;
const columns = names.map((name): RowColumn => ({ name, type: 'text' }));
const rows = [1, 2, 3].map((n) => ({ prompt: `Question ${n}`, chosen: 'Yes, "of course"', rejected: 'No' }));

const rowLines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const pair: Pair = {
  style: 'chat',
  prompt: [{ role: 'user', content: 'p' }],
  chosen: [{ role: 'assistant', content: 'a' }],
  rejected: [{ role: 'assistant', content: 'b' }],
};
const provenance = {
  model: 'm',
  checkpoint: 'step-000006',
  seed: 3,
  temperature: 0.7,
  judge: 'person',
  by: null,
  round: null,
  edited: true,
};

/** A file of rows is written over an older one. */
function converted(kind: string, write: (file: string) => Promise<unknown>): Scenario {
  return {
    name: `rows as ${kind}`,
    isRepeatable: true,
    prepare: async (folder) => {
      const file = join(folder, `rows.${kind}`);
      writeFileSync(file, 'old');
      return () => write(file);
    },
  };
}

/** Writers of files of rows, and of what is computed from them. */
export const rowWriters: readonly Scenario[] = [
  converted('csv', (file) => writeCsv(rows, file, columns)),
  converted('parquet', (file) => writeParquet(rows, file, columns, { groupRows: 2 })),
  converted('jsonl', (file) =>
    writeJsonLines(
      rows.map((row) => JSON.stringify(row)),
      file,
    ),
  ),
  {
    name: 'the save of a CSV file',
    isRepeatable: true,
    prepare: async (folder) => {
      const file = join(folder, 'prefs.csv');
      writeFileSync(file, 'prompt,chosen,rejected\n1,a,b\n2,"a, b",c\n');
      const document = closeLater(await LinesDocument.open(file));
      await document.whenIndexed();
      const [previous = ''] = await document.lines(1, 1);
      document.applyEdit({ op: 'replace', row: 1, line: previous.replace('"2"', '"mine"'), previous });
      return () => document.save();
    },
  },
  {
    name: 'the backup of unsaved edits',
    isRepeatable: true,
    prepare: async (folder) => {
      const [file, backup] = [join(folder, 'prefs.jsonl'), join(folder, 'backups', 'a')];
      writeFileSync(file, rowLines);
      const document = closeLater(await LinesDocument.open(file));
      await document.whenIndexed();
      for (const row of [0, 1]) {
        const [previous = ''] = await document.lines(row, 1);
        document.applyEdit({ op: 'replace', row, line: previous.replace('Yes', 'mine'), previous });
        if (row === 0) await document.backup(backup);
      }
      return () => document.backup(backup);
    },
  },
  {
    name: 'a pair of a chat at the end of a file',
    isRepeatable: 'unlessForGood',
    prepare: async (folder) => {
      const file = join(folder, 'prefs.jsonl');
      writeFileSync(file, rowLines);
      return () => appendToFile(file, pair, provenance, detectAll);
    },
    isSafe: (folder) => readFileSync(join(folder, 'prefs.jsonl'), 'utf8').startsWith(rowLines),
  },
  {
    name: 'a file that must be new',
    isRepeatable: 'unlessForGood',
    prepare: async (folder) => () => createFile(join(folder, 'new.train.json'), '{"beta":0.1}\n'),
    isSafe: (folder) => '{"beta":0.1}\n'.startsWith(readFileSync(join(folder, 'new.train.json'), 'utf8')),
  },
  {
    name: 'a stored column',
    isCache: true,
    isRepeatable: true,
    ignored: /\.column$/,
    prepare: async (folder) => {
      const [file, program] = [join(folder, 'prefs.jsonl'), join(folder, 'program.js')];
      writeFileSync(file, rowLines);
      writeFileSync(program, 'one');
      const lines = closeLater(await LineFile.open(file, { keep: true }));
      await lines.readIndex();
      const limits = { minFileBytes: 1, maxBytes: 1 << 20, maxLabels: 10 };
      const store = new ColumnStore(join(folder, 'columns'), program, () => undefined, limits);
      const column = { kind: 'labels', field: 'model' } as const;
      const values = { kind: 'labels', values: new Int32Array(rows.length), lists: [['a']] } as const;
      return () => store.keep({ file: lines, column, reading: detectAll }, values);
    },
  },
];
