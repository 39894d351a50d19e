import { linkSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileError } from '../../../src/base/node/fileError';
import { replaceFile } from '../../../src/base/node/replaceFile';
import { RewardFile } from '../../../src/cli/rewardFile';
import { wholeFolder } from '../../../src/export/wholeFolder';
import { DatasetInfoFile } from '../../../src/jsonl/node/datasetInfoFile';
import { LinesDocument } from '../../../src/jsonl/node/document';
import { IndexStore } from '../../../src/jsonl/node/indexStore';
import { keepCopy } from '../../../src/jsonl/node/keepCopy';
import { appendMarks } from '../../../src/jsonl/node/marks/appendMarks';
import { LineFile } from '../../../src/jsonl/node/lineFile';
import { writeTensors } from '../../../src/model/safetensors';
import { newMark } from '../../../src/pairs/marks/mark';
import { markLine } from '../../../src/pairs/marks/markLines';
import { createRunFolder, writeControl, writeState } from '../../../src/run/folder';
import { LineAppender } from '../../../src/run/lineAppender';
import { changeNotes } from '../../../src/run/notes';
import { writeRounds } from '../../../src/run/rounds/record';
import { moveToTrash } from '../../../src/run/trash';
import { runConfig, runState } from '../run/samples';
import { roundsRecord } from '../run/rounds/roundSamples';
import { closeLater, type Scenario } from './scenario';

const rows = '{"prompt":"1","chosen":"a","rejected":"b"}\n{"prompt":"2","chosen":"a","rejected":"b"}\n';

async function edited(folder: string, hasLink: boolean): Promise<() => Promise<void>> {
  const file = join(folder, 'prefs.jsonl');
  writeFileSync(file, rows);
  if (hasLink) linkSync(file, join(folder, 'linked.jsonl'));
  const document = closeLater(await LinesDocument.open(file));
  await document.whenIndexed();
  const [previous = ''] = await document.lines(0, 1);
  document.applyEdit({ op: 'replace', row: 0, line: previous.replace('a', 'mine'), previous });
  return () => document.save();
}

/** The old lines, and the new ones from the first on; the last of them may be cut. */
function appendedTo(name: string, old: string, added: string): (folder: string) => boolean {
  return (folder) => {
    const now = readFileSync(join(folder, name), 'utf8');
    return now.startsWith(old) && added.startsWith(now.slice(old.length));
  };
}

const marks = [1, 2].map((i) => markLine({ ...newMark(`000000000000000${i}`, 'ann'), at: '2026-11-30T00:00:00.000Z' }));
const oldMark = `${marks[0]}\n`;

export const scenarios: readonly Scenario[] = [
  { name: 'the save of a data file', prepare: (folder) => edited(folder, false) },
  { name: 'the save of a data file with a hard link', prepare: (folder) => edited(folder, true) },
  {
    name: 'marks',
    prepare: async (folder) => {
      const path = join(folder, 'prefs.marks.jsonl');
      writeFileSync(path, oldMark);
      return () => appendMarks(path, marks.slice(1));
    },
    isSafe: appendedTo('prefs.marks.jsonl', oldMark, `${marks[1]}\n`),
  },
  {
    name: 'events of a run',
    prepare: async (folder) => {
      const path = join(folder, 'events.jsonl');
      writeFileSync(path, '{"kind":"note"}\n');
      return async () => {
        const file = new LineAppender(path);
        try {
          file.append('{"kind":"note","step":1}\n');
        } finally {
          file.close();
        }
      };
    },
    isSafe: appendedTo('events.jsonl', '{"kind":"note"}\n', '{"kind":"note","step":1}\n'),
  },
  {
    name: 'the state of a run',
    prepare: async (folder) => {
      writeState(folder, runState({ step: 1, heartbeat: 1 }));
      return async () => writeState(folder, runState({ step: 2, heartbeat: 1 }));
    },
  },
  {
    name: 'a request to a run',
    prepare: async (folder) => {
      await writeControl(folder, { want: 'run' });
      return () => writeControl(folder, { want: 'stop' });
    },
  },
  {
    name: 'a new run folder',
    prepare: async (folder) => () => createRunFolder(join(folder, '.margin', 'runs'), runConfig()),
  },
  {
    name: 'the notes of a run',
    prepare: async (folder) => {
      const run = await createRunFolder(folder, runConfig());
      return () => changeNotes(run, () => ({ note: 'good' }));
    },
  },
  {
    name: 'a run that goes to the trash',
    prepare: async (folder) => {
      const run = await createRunFolder(join(folder, '.margin', 'runs'), runConfig());
      return () => moveToTrash(run);
    },
    ignored: /trashed\.json$|lock-/,
  },
  {
    name: 'the record of rounds',
    prepare: async (folder) => {
      await writeRounds(join(folder, 'a'), roundsRecord);
      return () => writeRounds(join(folder, 'a'), { ...roundsRecord, name: 'b' });
    },
  },
  {
    name: 'the index of a large file',
    prepare: async (folder) => {
      const file = join(folder, 'prefs.jsonl');
      writeFileSync(file, rows);
      const lines = closeLater(await LineFile.open(file, { keep: true }));
      await lines.readIndex();
      const store = new IndexStore(join(folder, 'cache'), () => undefined, { minFileBytes: 1, maxBytes: 1 << 20 });
      return () => store.keep(lines);
    },
    ignored: /\.index$/,
    isCache: true,
  },
  {
    name: 'a copy before many changes',
    prepare: async (folder) => {
      const file = join(folder, 'prefs.jsonl');
      writeFileSync(file, rows);
      return () => keepCopy(file, 'before-fix', false);
    },
  },
  {
    name: 'rewards of the command line',
    prepare: async (folder) => async () => {
      const file = await RewardFile.create(join(folder, 'rewards.jsonl'));
      try {
        for (const id of ['a', 'b']) await file.append({ id, chosen: 1, rejected: 0, margin: 1 } as never);
        await file.finish();
      } finally {
        await file.discard();
      }
    },
  },
  {
    name: 'weights',
    prepare: async (folder) => async () => {
      const file = join(folder, 'a.safetensors');
      const tensor = { name: 'w', type: 'F32', shape: [8], read: async () => new Float32Array(8) } as const;
      // Its callers name the folder that they write.
      await writeTensors(file, [tensor]).catch((error: unknown) => Promise.reject(fileError(error, 'write', file)));
    },
  },
  {
    name: 'an exported folder',
    prepare: async (folder) => () =>
      wholeFolder(join(folder, 'out'), (made) => replaceFile(join(made, 'README.md'), 'A model')),
  },
  {
    name: 'dataset_info.json',
    prepare: async (folder) => {
      writeFileSync(join(folder, 'dataset_info.json'), '{\n  "a": {"file_name": "a.jsonl"}\n}\n');
      const file = await DatasetInfoFile.beside(join(folder, 'prefs.jsonl'));
      return () => file.write(new Set(['prompt', 'chosen', 'rejected']));
    },
  },
];
