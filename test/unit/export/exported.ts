import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { exportModel } from '../../../src/export/exportModel';
import type { ExportOptions } from '../../../src/export/options';
import { openSource, type ExportRequest } from '../../../src/export/source';
import { runPaths } from '../../../src/run/folder';
import { resolveRun } from '../../../src/run/resolve';
import type { TrainConfig } from '../../../src/run/types';
import { temporaryFolder } from '../run/temporaryFolder';
import { runFolder, train } from '../train/runs';
import { sampleFolder, sampleRun } from '../train/sampleRun';

/**
 * A finished run of four steps on eight of the sample's pairs, with checkpoints at steps 2 and 4. Its config.json is
 * the one of a run that a person starts.
 */
export async function finishedRun(change: Partial<TrainConfig> = {}): Promise<string> {
  const config = await sampleRun({ max_steps: 4, save_steps: 2, ...change }, 8);
  const folder = await runFolder(config);
  await writeFile(runPaths.config(folder), JSON.stringify(await resolveRun(config, { margin: '1.2.3' })));
  await train(folder);
  return folder;
}

/** One such run for all tests of a file, made on first use. Tests must not change it. */
export function keptRun(change: Partial<TrainConfig> = {}): () => Promise<string> {
  let kept: Promise<string> | null = null;
  const make = async (): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'margin-run-'));
    await cp(await finishedRun({ train_file: join(sampleFolder, 'heldout.jsonl'), ...change }), folder, {
      recursive: true,
    });
    return folder;
  };
  afterAll(async () => rm((await kept) ?? '', { recursive: true, force: true }));
  return () => (kept ??= make());
}

/** Exports into a new folder and returns it. */
export async function exported(
  asked: Partial<ExportRequest> & Pick<ExportRequest, 'path'>,
  options: Partial<ExportOptions> = {},
): Promise<string> {
  const out = options.out ?? join(await temporaryFolder(), 'out');
  const source = await openSource({ step: null, model: null, ...asked }, await temporaryFolder());
  await exportModel(source, {
    format: 'peft',
    out,
    maxShardBytes: 5e9,
    dtype: null,
    outType: 'f16',
    version: '9.9.9',
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...options,
  });
  return out;
}
