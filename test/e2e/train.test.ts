import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../src/base/pure/must';
import { pairKey } from '../../src/jsonl/node/pairKey';
import { newMark } from '../../src/pairs/marks/mark';
import { markLine } from '../../src/pairs/marks/markLines';
import { readPair } from '../../src/pairs/readPair';
import { detectAll } from '../../src/pairs/reading';
import type { RunState } from '../../src/run/types';
import { Workbench } from './driver';

const patience = 120_000;

describe('a model is trained, watched and steered by mouse and keyboard', () => {
  let workbench: Workbench;
  let view: Frame;
  const runs = (): string => join(workbench.folder, '.margin/runs');
  const run = (): string => join(runs(), at(readdirSync(runs()), 0));
  const state = (): RunState => JSON.parse(readFileSync(join(run(), 'state.json'), 'utf8')) as RunState;
  const button = (name: string) => view.locator('.header').getByRole('button', { name });
  const status = (name: string) =>
    view.locator('.header').getByRole('status').getByText(name, { exact: true }).waitFor({ timeout: patience });
  const shownStep = async (): Promise<number> => Number(await view.locator('.header .num b').first().textContent());

  beforeAll(async () => {
    workbench = await Workbench.open();
    // Three times the sample: on a fast machine, too, the run lasts until the test pauses and stops it.
    const file = join(workbench.folder, 'prefs.jsonl');
    writeFileSync(file, readFileSync(file, 'utf8').repeat(3));
    const [first = ''] = readFileSync(file, 'utf8').split('\n');
    const read = readPair(first, detectAll);
    if (read.kind !== 'pair') throw new Error('The first row of the sample is no pair');
    const mark = { ...newMark(pairKey(read.pair), 'ann'), verdict: 'keep', at: '2026-11-29T12:00:00Z' } as const;
    writeFileSync(join(workbench.folder, 'prefs.marks.jsonl'), `${markLine(mark)}\n`);
  });
  afterAll(() => workbench?.close());

  it('Train… asks for data, model, method and marks, writes the config, shows time and memory, and starts the run', async () => {
    await workbench.activity('Margin').click();
    await workbench.command('Margin: Train…');
    await workbench.page.getByPlaceholder('Pairs or judged answers to train on').waitFor();
    await workbench.shoot('train-1-data');
    await workbench.pick('prefs.jsonl');
    await workbench.page.getByPlaceholder(/^Model to train/).waitFor();
    await workbench.pick('model');
    await workbench.page.getByPlaceholder('Method').waitFor();
    await workbench.shoot('train-3-method');
    await workbench.pick('DPO');
    await workbench.page.getByPlaceholder('What to train').waitFor();
    await workbench.pick('LoRA');
    await workbench.page.getByPlaceholder('Reviewers have judged 1 pair of this dataset').waitFor();
    await workbench.shoot('train-4-marks');
    await workbench.pick('Use the marks');
    await workbench.tab('prefs.train.json').waitFor();
    const question = workbench.page.locator('.monaco-dialog-box', {
      hasText: /prefs\.train\.json\? It takes about .*, .*B of .*B free/,
    });
    await question.waitFor({ timeout: patience });
    await workbench.shoot('train-5-estimate');
    expect(existsSync(runs())).toBe(false);
    await question.getByRole('button', { name: 'Start' }).click();
    const config = JSON.parse(readFileSync(join(workbench.folder, 'prefs.train.json'), 'utf8')) as unknown;
    expect(config).toMatchObject({
      model_name_or_path: 'model',
      train_file: 'prefs.jsonl',
      eval_file: 'heldout.jsonl',
      loss_type: 'sigmoid',
      use_peft: true,
      use_marks: true,
    });
  });

  it('the run is in the side bar and the status bar; its curves grow while it trains', async () => {
    view = await workbench.view('.chart canvas', patience);
    await workbench.statusBar.getByText(/prefs.*\/\d+.*loss/).waitFor({ timeout: patience });
    await workbench.page.getByRole('treeitem', { name: /prefs.*running.*loss/ }).waitFor();
    const lags = await lagsOf(8);
    console.log(`From the end of a step to its point in the panel: ${lags.join(', ')} ms`);
    await workbench.shoot('curves-live');
  });

  /** Milliseconds from the end of a step until the panel shows it. */
  async function lagsOf(count: number): Promise<number[]> {
    const lags: number[] = [];
    for (
      let last = await shownStep();
      lags.length < count && state().status === 'running';
      await workbench.page.waitForTimeout(20)
    ) {
      const step = await shownStep();
      if (step === last) continue;
      last = step;
      lags.push(Math.round(Date.now() - timeOf(step)));
    }
    return lags;
  }

  function timeOf(step: number): number {
    const lines = readFileSync(join(run(), 'events.jsonl'), 'utf8').trim().split('\n');
    const events = lines.map((line) => JSON.parse(line) as { t: number; step: number; kind: string });
    return events.find((event) => event.kind === 'train' && event.step === step)?.t ?? Number.NaN;
  }

  it('Pause pauses the run, Resume continues it', async () => {
    await button('Pause').click();
    await status('paused');
    const held = state().step;
    await workbench.statusBar.getByText(/prefs.*paused/).waitFor();
    await workbench.shoot('run-paused');
    expect(state()).toMatchObject({ status: 'paused', step: held });
    await button('Resume').click();
    await status('running');
    await expect.poll(() => state().step, { timeout: patience }).toBeGreaterThan(held);
  });

  it('Stop & save writes a checkpoint, and Resume trains from there to the end', async () => {
    await button('Stop & save').click();
    await status('stopped');
    const { step, steps } = state();
    expect(step).toBeLessThan(steps);
    expect(readdirSync(join(run(), 'checkpoints'))).toContain(`step-${String(step).padStart(6, '0')}`);
    await workbench.shoot('run-stopped');
    await button('Resume').click();
    await status('done');
    expect(state()).toMatchObject({ status: 'done', step: steps, steps });
    await workbench.page.getByRole('treeitem', { name: /prefs.*done/ }).waitFor();
    await workbench.statusBar.getByText(/prefs.*\/\d+/).waitFor({ state: 'hidden' });
    await workbench.shoot('run-done');
  });

  it('Show log opens the output of the trainer', async () => {
    await button('Show log').click();
    await workbench.tab('log.txt').waitFor();
    await workbench.shoot('run-log');
  });
});
