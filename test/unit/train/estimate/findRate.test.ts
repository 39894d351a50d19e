import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findRate } from '../../../../src/train/estimate/findRate';
import type { RatePoint } from '../../../../src/train/estimate/rateCurve';
import { Program } from '../../cli/program';
import { sampleFolder, sampleRun } from '../sampleRun';

const program = new Program();
const idle = { onPoint: (): void => undefined, signal: new AbortController().signal };

describe('a learning-rate range test', () => {
  it('takes real steps with rising rates, ends where the loss diverges, and keeps nothing', async () => {
    const config = await sampleRun({ max_steps: 3 });
    const points: RatePoint[] = [];
    const range = { from: 1e-6, to: 100, steps: 40 };
    const found = await findRate(config, range, { ...idle, onPoint: (point) => points.push(point) });
    expect(found.points).toEqual(points);
    expect(found.ended).not.toBe('swept');
    // The policy equals the reference before the first update, so the loss of DPO is ln 2.
    expect(points[0]).toMatchObject({ step: 1, rate: 1e-6, loss: expect.closeTo(Math.log(2), 4) });
    expect(points.map(({ rate }) => rate)).toEqual(points.map(({ rate }) => rate).toSorted((a, b) => a - b));
    expect(found.passes).toBeCloseTo(points.length / 4, 6);
    expect((await readdir(dirname(config.train_file))).sort()).toEqual(['pairs.jsonl']);
  });

  it('can be ended', async () => {
    const signal = AbortSignal.abort();
    const ended = findRate(await sampleRun(), { from: 1e-6, to: 1, steps: 20 }, { ...idle, signal });
    await expect(ended).rejects.toMatchObject({ code: 'interrupted' });
  });
});

describe('margin train --find_lr', () => {
  const args = (file: string): string[] => [
    ...['train', join(sampleFolder, 'sample.train.json'), '--find_lr', '--lr_steps', '20', '--lr_max', '0.01'],
    ...['--train_file', file, '--eval_file', 'null', '--guard_file', 'null', '--output_dir', 'runs'],
    // Small steps, because this is about what is printed.
    ...['--per_device_train_batch_size', '1', '--max_length', '48'],
  ];

  it('prints the curve and both rules as text, and makes no run', async () => {
    const { train_file: file } = await sampleRun();
    const { code, out, err } = await program.run(args(file), dirname(file));
    expect([code, err]).toEqual([0, expect.not.stringContaining('margin train')]);
    expect(out).toMatch(/^step +learning_rate +loss +smoothed\n +1 +1\.0e-7 +0\.6931 +0\.6931\n/);
    expect(out).toMatch(/\nended .*\nsteepest descent .*\nminimum \/ 10 .*\nsuggested .*\n[^]*A suggestion is a place/);
    expect(existsSync(join(dirname(file), 'runs'))).toBe(false);
  });

  it('prints a JSON line for each step and one with the rates', async () => {
    const { train_file: file } = await sampleRun();
    const { code, json } = await program.run([...args(file), '--json'], dirname(file));
    const lines = json();
    expect([code, lines.length]).toEqual([0, 21]);
    expect(lines[0]).toMatchObject({ step: 1, learning_rate: 1e-7, loss: expect.any(Number) });
    expect(lines.at(-1)).toMatchObject({ rates: { ended: 'swept' }, notes: expect.any(Array) });
  });
});
