import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openSource } from '../../../src/export/source';
import { verifyCheckpoint, writeChecksums } from '../../../src/model/checksums';
import { runPaths } from '../../../src/run/folder';
import type { RunEvent } from '../../../src/run/types';
import { failureOf } from '../model/files';
import { runConfig } from '../run/samples';
import { temporaryFolder } from '../run/temporaryFolder';
import { goldenConfig, goldenFolder, readGolden } from '../train/golden';
import { ofKind, onlySteps, stopAfter, train } from '../train/runs';

const notes = (events: readonly RunEvent[]): string[] =>
  events.flatMap((event) => (event.kind === 'note' ? [event.message] : []));

async function flipByte(path: string): Promise<void> {
  const bytes = await readFile(path);
  const at = bytes.length - 2;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  await writeFile(path, bytes);
}

describe('checksums of a checkpoint', () => {
  async function checkpoint(): Promise<string> {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'weights'), 'abcdef');
    await writeFile(join(folder, 'trainer.json'), '{}');
    await writeChecksums(folder);
    return folder;
  }

  it('accept an unchanged checkpoint, also with other files in its folder, and one without checksums', async () => {
    const folder = await checkpoint();
    await writeFile(join(folder, 'README.md'), 'mine');
    expect(await verifyCheckpoint(folder)).toBe(true);
    expect(await verifyCheckpoint(await temporaryFolder())).toBe(false);
    expect(await verifyCheckpoint(join(folder, 'weights'))).toBe(false);
  });

  it.each<readonly [string, string, (folder: string) => Promise<unknown>]>([
    ['a flipped bit', 'weights', (folder) => flipByte(join(folder, 'weights'))],
    ['a file that is cut', 'weights', (folder) => truncate(join(folder, 'weights'), 3)],
    ['a file that is gone', 'weights', (folder) => rm(join(folder, 'weights'))],
    [
      'a folder in a file’s place',
      'weights',
      (folder) => rm(join(folder, 'weights')).then(() => mkdir(join(folder, 'weights'))),
    ],
    ['no list', 'margin-checksums.json', (folder) => writeFile(join(folder, 'margin-checksums.json'), '{"files": [')],
    [
      'an empty list',
      'margin-checksums.json',
      (folder) => writeFile(join(folder, 'margin-checksums.json'), '{"files": {}}'),
    ],
    [
      'a list that leads out of the folder',
      'margin-checksums.json',
      async (folder) => {
        await writeFile(
          join(folder, 'margin-checksums.json'),
          '{"files": {"../../etc/passwd": {"bytes": 1, "sha256": ""}}}',
        );
      },
    ],
  ])('find %s, and name the file', async (_, name, damage) => {
    const folder = await checkpoint();
    await damage(folder);
    const error = await failureOf(verifyCheckpoint(folder));
    expect(error).toMatchObject({
      code: expect.stringMatching(/^(checkpoint-damaged|not-a-file)$/),
      message: expect.stringContaining(join(folder, name)),
    });
  });
});

describe.skipIf(!existsSync(goldenFolder))(
  'a run that was stopped at step 4, with checkpoints of steps 2 and 4',
  () => {
    let stopped: string;
    let whole: readonly RunEvent[];

    beforeAll(async () => {
      const settings = { ...goldenConfig(readGolden('sigmoid')), max_steps: 5, save_steps: 2, logging_steps: 1 };
      const parent = await mkdtemp(join(tmpdir(), 'margin-'));
      const made = async (name: string): Promise<string> => {
        const folder = join(parent, name);
        await mkdir(folder);
        await writeFile(runPaths.config(folder), JSON.stringify(runConfig({ config: settings })));
        return folder;
      };
      whole = await train(await made('whole'), onlySteps);
      stopped = await made('stopped');
      await train(stopped, { stopping: stopAfter(4) });
      return () => rm(parent, { recursive: true, force: true });
    }, 120_000);

    const points = (events: readonly RunEvent[]): unknown =>
      ofKind(events, 'train').map(({ step, metrics }) => [step, metrics]);
    const files = [
      'adapter_model.safetensors',
      'adapter_config.json',
      'optimizer.safetensors',
      'trainer.json',
      'margin-checksums.json',
    ];

    it.each(files)(
      'continues from step 2 where %s of step 4 has another byte, says so, and ends as the whole run',
      async (file) => {
        const folder = await copyOf(stopped);
        await flipByte(join(runPaths.checkpoint(folder, 4), file));
        const events = await train(folder, { ...onlySteps, resume: true });
        expect(notes(events)).toContainEqual(
          expect.stringMatching(new RegExp(`step-000004.${file}.*continues from step 2`)),
        );
        expect(points(events)).toEqual(points(whole));
        const kept = (await readdir(join(folder, 'checkpoints'))).sort();
        expect(kept).toEqual(['damaged-step-000004', 'step-000002', 'step-000004', 'step-000005']);
      },
    );

    it('resumes from a checkpoint of an older Margin, which has no checksums, and skips a damaged one', async () => {
      const folder = await copyOf(stopped);
      for (const step of [2, 4]) await rm(join(runPaths.checkpoint(folder, step), 'margin-checksums.json'));
      expect(points(await train(await copyOf(folder), { ...onlySteps, resume: true }))).toEqual(points(whole));
      await truncate(join(runPaths.checkpoint(folder, 4), 'optimizer.safetensors'), 100);
      const events = await train(folder, { ...onlySteps, resume: true });
      expect(notes(events)).toContainEqual(expect.stringContaining('continues from step 2'));
      expect(points(events)).toEqual(points(whole));
    });

    it('is not resumed if no checkpoint is intact: an error says so, and nothing is trained', async () => {
      const folder = await copyOf(stopped);
      for (const step of [2, 4]) await flipByte(join(runPaths.checkpoint(folder, step), 'adapter_model.safetensors'));
      expect(await failureOf(train(folder, { ...onlySteps, resume: true }))).toMatchObject({
        code: 'checkpoint-damaged',
        message: expect.stringContaining('step-000004'),
      });
    });

    it('is not exported from a damaged checkpoint', async () => {
      const folder = await copyOf(stopped);
      await flipByte(join(runPaths.checkpoint(folder, 4), 'adapter_model.safetensors'));
      const asked = { path: folder, model: null };
      const converted = await temporaryFolder();
      expect(await failureOf(openSource({ ...asked, step: null }, converted))).toMatchObject({
        code: 'checkpoint-damaged',
      });
      expect((await openSource({ ...asked, step: 2 }, converted)).origin?.step).toBe(2);
    });
  },
);

async function copyOf(folder: string): Promise<string> {
  const copy = join(await temporaryFolder(), basename(folder));
  await cp(folder, copy, { recursive: true });
  return copy;
}
