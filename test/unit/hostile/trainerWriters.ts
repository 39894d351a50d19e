import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRecord } from '../../../src/base/pure/isRecord';
import type { ScoreSession } from '../../../src/engine/types';
import { openCheckpoint } from '../../../src/model/checkpoint';
import { convertedGguf } from '../../../src/model/gguf/convert';
import { int8Copy } from '../../../src/model/int8Copy';
import type { Message } from '../../../src/pairs/pair';
import type { KeptRow } from '../../../src/reward/rowCollector';
import { type RowStore, RowWriter } from '../../../src/reward/rowStore';
import { runPaths } from '../../../src/run/folder';
import { type PairVisit, VisitWriter } from '../../../src/run/visits';
import { saveCheckpoint } from '../../../src/train/checkpoints';
import { Trainer } from '../../../src/train/trainer';
import { RowFile } from '../../../src/train/trl/rowFile';
import { writeRewards } from '../../../src/train/writeRewards';
import { sampleFolder, sampleRun } from '../train/sampleRun';
import { closeLater, type Scenario } from './scenario';

async function fewRows(count: number): Promise<RowStore> {
  const writer = await RowWriter.open(tmpdir());
  for (let line = 1; line <= count; line++) {
    const training = { prompt: [1, 2], chosen: [3, 4], rejected: [5] };
    await writer.append({ line, key: `000000000000000${line % 10}`, training });
  }
  return closeLater(await writer.finish());
}

let trainer: Promise<Trainer> | null = null;

/** A trainer of the sample's model that has taken a step. All scenarios save the same one. */
async function openTrainer(): Promise<Trainer> {
  const config = await sampleRun({ lora_r: 1, lora_target_modules: ['q_proj'], save_total_limit: 1 });
  const opened = await Trainer.open(config, await openCheckpoint(config.model_name_or_path), await fewRows(4));
  await opened.step();
  closeLater({ close: () => opened.release() });
  return opened;
}

const scorer: ScoreSession = {
  score: (batch) =>
    Promise.resolve({
      sequenceLogps: new Float32Array(2 * batch.pairs).fill(-1),
      tokenLogps: new Float32Array(batch.predictions).fill(-1),
    }),
  release: () => Promise.resolve(),
};

/** Whether the files of a checkpoint are those of its checksums. */
function isWhole(run: string, step: number): boolean {
  const folder = runPaths.checkpoint(run, step);
  const { files } = JSON.parse(readFileSync(join(folder, 'margin-checksums.json'), 'utf8')) as { files: object };
  const isSame = ([name, sum]: [string, unknown]): boolean =>
    isRecord(sum) && hashOf(join(folder, name)) === sum['sha256'];
  return Object.keys(files).length > 2 && Object.entries(files).every(isSame);
}

const hashOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

const visit = (step: number): PairVisit => ({ step, key: '0000000000000001', chosen: 0, rejected: 0, margin: 0 });
const lineOf = (step: number): string => `${JSON.stringify(visit(step))}\n`;

function keptRow(line: number): KeptRow {
  const prompt = [{ role: 'user', content: `Question ${line}` }];
  const answer = (content: string): Message[] => [{ role: 'assistant', content }];
  const source = { style: 'chat', prompt, chosen: answer('yes'), rejected: answer('no') } as const;
  return { line, key: `000000000000000${line}`, prompt, source };
}

/** Visits of the steps 1 and 2, before a resumed run goes on after step 1. */
async function resumedVisits(folder: string): Promise<() => Promise<void>> {
  mkdirSync(join(folder, 'rewards'));
  writeFileSync(runPaths.visits(folder), lineOf(1) + lineOf(2));
  return async () => {
    const visits = new VisitWriter(folder);
    try {
      await visits.truncateAfter(1);
      visits.append([visit(3)]);
    } finally {
      visits.close();
    }
  };
}

/** Writers of a run, and of models. */
export const trainerWriters: readonly Scenario[] = [
  {
    name: 'a checkpoint, after which the one before is deleted',
    isRepeatable: true,
    prepare: async (folder) => {
      const own = await (trainer ??= openTrainer());
      const old = runPaths.checkpoint(folder, 0);
      mkdirSync(old, { recursive: true });
      writeFileSync(join(old, 'adapter_config.json'), '{}');
      return () => saveCheckpoint(folder, own);
    },
    // Both checkpoints, if the older one could not be deleted.
    isSafe: (folder) => [0, 1].every((step) => existsSync(runPaths.checkpoint(folder, step))) && isWhole(folder, 1),
  },
  {
    name: 'the rewards of a step, and their columns',
    isRepeatable: true,
    // The lines so far, and columns, which readers make where there are none. They name the time of the lines.
    ignored: /\.(partial|safetensors)$/,
    prepare: async (folder) => {
      const rows = await fewRows(9);
      const options = { beta: 0.1, batchSize: 1 };
      return () => writeRewards(folder, 3, rows, scorer, scorer, options);
    },
  },
  {
    name: 'visits of a resumed run',
    isRepeatable: true,
    prepare: resumedVisits,
    isSafe: (folder) => {
      const now = readFileSync(runPaths.visits(folder), 'utf8');
      return now.startsWith(lineOf(1)) && lineOf(3).startsWith(now.slice(lineOf(1).length).trimStart());
    },
  },
  {
    name: 'rows for TRL',
    isRepeatable: true,
    // The job is refused if a file has another checksum than it names.
    isSafe: () => true,
    prepare: async (folder) => async () => {
      const file = new RowFile(join(folder, 'train.jsonl'), 'prefs.jsonl', true);
      for (const line of [1, 2]) file.add(keptRow(line));
      file.close();
    },
  },
  {
    name: 'a model converted from GGUF',
    isRepeatable: true,
    prepare: async (folder) => () => convertedGguf('test/unit/model/gguf/gpt2.gguf', join(folder, 'models')),
  },
  {
    name: 'an 8-bit copy of a model',
    isRepeatable: true,
    prepare: async (folder) => {
      const checkpoint = await openCheckpoint(join(sampleFolder, 'model'));
      return () => int8Copy(checkpoint, join(folder, 'drafts'));
    },
  },
];
