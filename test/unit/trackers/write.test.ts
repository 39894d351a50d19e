import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { crc32c } from '../../../src/trackers/crc32c';
import { readTracked } from '../../../src/trackers/readTracked';
import type { LoggedRun } from '../../../src/trackers/trackedRun';
import { writeTensorBoard } from '../../../src/trackers/writeTensorBoard';
import { writeTrackio } from '../../../src/trackers/writeTrackio';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'margin-trackers-'));
});
afterAll(() => rm(folder, { recursive: true }));

const run: LoggedRun = {
  name: 'sample-dpo',
  created: Date.UTC(2026, 10, 30, 2, 0, 0, 250),
  config: { beta: 0.1, loss_type: ['sigmoid'], 'a key': null },
  events: [
    { t: Date.UTC(2026, 10, 30, 2, 0, 1, 500), step: 1, kind: 'train', metrics: { loss: 0.5, 'rewards/chosen': -2 } },
    { t: Date.UTC(2026, 10, 30, 2, 0, 2), step: 1, kind: 'eval', metrics: { eval_loss: Infinity } },
    { t: Date.UTC(2026, 10, 30, 2, 0, 3), step: 20, kind: 'train', metrics: { loss: NaN, epoch: 1 } },
  ],
};

it('a run written for TensorBoard is read again', async () => {
  await writeTensorBoard(run, join(folder, 'logs'));
  const [read] = await readTracked(join(folder, 'logs'));
  expect(read).toMatchObject({
    name: 'logs',
    created: run.created,
    config: run.config,
    events: run.events,
    remarks: [],
  });
});

it('a run written for Trackio is read again', async () => {
  await writeTrackio([run, { ...run, name: 'other' }], join(folder, 'project.db'));
  const [read, other] = await readTracked(join(folder, 'project.db'));
  expect(read).toMatchObject({ name: 'sample-dpo', config: run.config, events: run.events, remarks: [] });
  expect(other?.name).toBe('other');
});

it('no existing file is changed', async () => {
  await expect(writeTensorBoard(run, join(folder, 'logs'))).rejects.toThrow('exists already');
  await expect(writeTrackio([run], join(folder, 'project.db'))).rejects.toThrow('exists already');
});

it('CRC-32C gives the check value of RFC 3720', () => {
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
});
