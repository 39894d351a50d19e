import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems } from './accessible';
import { Workbench } from './driver';
import { themes } from './themes';

const patience = 60_000;

describe('a training config as a form', () => {
  let workbench: Workbench;
  let view: Frame;
  const file = (): string => join(workbench.folder, 'sample.train.json');
  const sample = readFileSync('media/sample/sample.train.json', 'utf8');
  const field = (name: string): Locator => view.locator(`#field-${name}`);
  const input = (name: string): Locator => view.locator(`#key-${name}`);
  const save = (): Promise<void> => workbench.command('File: Save');
  const saved = (text: string): Promise<void> =>
    expect.poll(() => readFileSync(file(), 'utf8'), { timeout: patience }).toBe(text);

  beforeAll(async () => {
    workbench = await Workbench.open();
    await workbench.openFile('sample.train.json');
    await workbench.command('Margin: Open as Form');
    view = await workbench.view('#field-beta', patience);
  });
  afterAll(() => workbench?.close());

  it('shows the keys of the file in sections, what differs from the defaults, and help', async () => {
    expect(await input('learning_rate').inputValue()).toBe('1e-3');
    await field('learning_rate').getByText('default 0.000001').waitFor();
    await field('beta').getByText('is the default').waitFor();
    expect(await field('learning_rate').getAttribute('class')).toContain('changed');
    expect(await input('use_peft').isChecked()).toBe(true);
    await view.getByRole('button', { name: /^Optimizer ?3 keys changed/ }).waitFor();
    await workbench.shoot('trainForm');
  });

  it('estimates time and memory while it is edited, in a process of its own, and starts again after an edit', async () => {
    const estimate = view.getByRole('region', { name: 'Time and memory of the run' });
    await estimate.getByText(/Fits: about .* of .* free/).waitFor({ timeout: 3 * patience });
    await estimate.getByText('The first step trains on lines').waitFor();
    await workbench.shoot('trainForm-estimate');
    await input('num_train_epochs').fill('3');
    await workbench.press('Enter');
    await estimate.getByText(/^(Time and memory are estimated|Estimating)/).waitFor();
    await estimate.getByRole('button', { name: 'Cancel' }).click();
    await estimate.getByText('The estimate was stopped.').waitFor();
    await input('num_train_epochs').fill('2');
    await workbench.press('Enter');
    await save();
    await saved(sample);
  });

  it('offers to hold out rows where none are', async () => {
    const estimate = view.getByRole('region', { name: 'Time and memory of the run' });
    const share = (): Promise<string> => input('test_split_size').inputValue();
    writeFileSync(file(), sample.replace(/ *"(eval|guard)_file".*\n/g, ''));
    await workbench.command('File: Revert File');
    await estimate.getByText(/^No rows are held out/).waitFor({ timeout: 3 * patience });
    await estimate.getByRole('button', { name: 'Hold Out 10 %' }).click();
    await expect.poll(share, { timeout: patience }).toBe('0.1');
    writeFileSync(file(), sample);
    await workbench.command('File: Revert File');
    await expect.poll(share, { timeout: patience }).not.toBe('0.1');
  });

  it('an edit by keyboard changes this value and no other byte; Ctrl+Z takes it back', async () => {
    // After a command of the palette, the form may not have the focus back yet.
    await input('beta').click();
    await workbench.press('Control+F');
    await workbench.page.keyboard.type('cosine');
    await input('lr_scheduler_type').waitFor();
    await field('beta').waitFor({ state: 'hidden' });
    await workbench.press('Escape');
    await field('beta').waitFor();
    await input('learning_rate').focus();
    await input('learning_rate').fill('5e-4');
    await workbench.press('Enter');
    await view.getByText('learning_rate is written').waitFor();
    await save();
    await saved(sample.replace('1e-3', '5e-4'));
    await input('learning_rate').focus();
    await workbench.press('Control+Z');
    await expect.poll(() => input('learning_rate').inputValue(), { timeout: patience }).toBe('1e-3');
    await save();
    await saved(sample);
  });

  it('what is not a value stays in its field when another key changes, and Escape takes it back', async () => {
    await input('learning_rate').fill('fast');
    await input('beta').fill('0.2');
    await workbench.press('Enter');
    await view.getByText('beta is written').waitFor();
    expect(await input('learning_rate').inputValue()).toBe('fast');
    await view.locator('.problems', { hasText: '1 problem' }).waitFor();
    await input('learning_rate').focus();
    await workbench.press('Escape');
    await view.locator('.problems', { hasText: 'No problems' }).waitFor();
    expect(await input('learning_rate').inputValue()).toBe('1e-3');
    await input('beta').fill('0.1');
    await workbench.press('Enter');
    await save();
    await saved(sample);
  });

  it('a reset removes the key, a choice adds one after the others', async () => {
    await field('logging_steps')
      .getByRole('button', { name: /^Reset logging_steps/ })
      .click();
    await field('logging_steps').getByText('default 10').waitFor();
    await input('trainer').selectOption({ label: 'cpo' });
    await save();
    await saved(
      sample.replace('  "logging_steps": 1,\n', '').replace('"all-linear"', '"all-linear",\n  "trainer": "cpo"'),
    );
  });

  it('a preset shows what it changes before it is applied, as one undo step', async () => {
    writeFileSync(file(), sample);
    await workbench.command('File: Revert File');
    await expect.poll(() => input('trainer').inputValue(), { timeout: patience }).toBe('"dpo"');
    const before = readFileSync(file(), 'utf8');
    const bar = await view.locator('.bar').boundingBox();
    await view.getByRole('button', { name: 'Presets…' }).click();
    await workbench.pick('Zephyr-7B-β, LoRA');
    await view.getByRole('row', { name: 'beta 0.1 0.01' }).waitFor();
    // The panel takes the focus and comes to the top of the page. The frames around the form stay where they are.
    await expect
      .poll(() => view.evaluate(() => document.activeElement?.className), { timeout: patience })
      .toBe('preset');
    expect(await view.locator('.bar').boundingBox()).toEqual(bar);
    await view.getByRole('row', { name: 'gradient_accumulation_steps not given 4' }).waitFor();
    await workbench.shoot('trainForm-preset');
    expect(await input('lora_r').inputValue()).toBe('8');
    await view.getByRole('button', { name: 'Apply' }).click();
    await expect.poll(() => input('lora_r').inputValue(), { timeout: patience }).toBe('128');
    await input('lora_r').focus();
    await workbench.press('Control+Z');
    await expect.poll(() => input('lora_r').inputValue(), { timeout: patience }).toBe('8');
    expect(readFileSync(file(), 'utf8')).toBe(before);
  });

  it('tests learning rates, shows the curve, and takes the rate over as an undo step', async () => {
    writeFileSync(file(), sample.replace('"learning_rate": 1e-3', '"learning_rate": 1e-3, "max_length": 64'));
    await workbench.command('File: Revert File');
    await expect.poll(() => input('max_length').inputValue(), { timeout: patience }).toBe('64');
    await view.getByRole('button', { name: 'Find Learning Rate' }).click();
    const test = view.getByRole('region', { name: 'Learning-rate test' });
    await test.getByText(/Testing learning rates… step \d+/).waitFor({ timeout: 2 * patience });
    await test.getByText(/^Suggested: learning_rate/).waitFor({ timeout: 3 * patience });
    await test.locator('canvas').waitFor();
    expect(await accessibilityProblems(view)).toEqual([]);
    await workbench.shoot('trainForm-rates');
    await test.getByRole('button', { name: /^Use / }).first().click();
    await expect.poll(() => input('learning_rate').inputValue(), { timeout: patience }).not.toBe('1e-3');
    await input('learning_rate').focus();
    await workbench.press('Control+Z');
    await expect.poll(() => input('learning_rate').inputValue(), { timeout: patience }).toBe('1e-3');
    await test.getByRole('button', { name: 'Close' }).click();
    await test.waitFor({ state: 'hidden' });
  });

  it('Find Models… lists the models of the workspace, and writes the chosen one into the file', async () => {
    await input('model_name_or_path').fill('elsewhere');
    await workbench.press('Enter');
    await field('model_name_or_path')
      .getByRole('button', { name: /^Find Models/ })
      .click();
    await workbench.pick('model');
    await expect.poll(() => input('model_name_or_path').inputValue(), { timeout: patience }).toBe('model');
  });

  it('while another run trains, Train… offers the queue', async () => {
    writeFileSync(file(), sample);
    await workbench.command('File: Revert File');
    const first = await workbench.margin('train', 'sample.train.json', '--queue', '--max_steps', '1000000');
    await view.getByRole('button', { name: 'Train…' }).click();
    const dialog = workbench.page.locator('.monaco-dialog-box', { hasText: 'Another run is training' });
    await dialog.waitFor({ timeout: 3 * patience });
    await dialog.getByRole('button', { name: 'Add to Queue' }).click();
    const runs = join(workbench.folder, '.margin/runs');
    const queued = (): string[] =>
      readdirSync(runs, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => join(runs, name, 'state.json'))
        .filter((path) => existsSync(path) && readFileSync(path, 'utf8').includes('"queued"'));
    await expect.poll(() => queued().length, { timeout: patience }).toBe(1);
    await workbench.command('Margin: Take Run Out of Queue');
    await expect.poll(() => queued().length, { timeout: patience }).toBe(0);
    await workbench.margin('runs', 'stop', first);
  });

  it('an edit of the text shows in the form, with its problems', async () => {
    writeFileSync(file(), sample.replace('"beta": 0.1', '"beta": -1, "betta": 2').replace('"sigmoid"', '"simpo"'));
    await workbench.command('File: Revert File');
    await field('beta').getByText('beta must be a number above 0, not -1').waitFor({ timeout: patience });
    await field('loss_type').getByText('loss_type "simpo" is for trainer "cpo"').waitFor();
    await view.getByText('betta is not a known key; did you mean beta?').waitFor();
    await view.locator('.problems', { hasText: '3 problems' }).waitFor();
    await workbench.shoot('trainForm-problems');
    await input('beta').focus();
    await view.getByRole('button', { name: /^Keys unknown to Margin ?1 problem/ }).waitFor();
    const focused = (): Promise<string | undefined> =>
      view.evaluate(() => document.activeElement?.ariaLabel ?? document.activeElement?.id);
    // After the last field come the unknown keys, and then the first problem again.
    await workbench.press('F8');
    await expect.poll(focused, { timeout: patience }).toBe('Remove betta');
    await workbench.press('F8');
    await expect.poll(focused, { timeout: patience }).toBe('key-loss_type-0');
    await view.getByRole('button', { name: 'Remove betta' }).click();
    await view.locator('.problems', { hasText: '2 problems' }).waitFor();
  });

  it('a text that is not JSON is said, and Open as Text leads to it', async () => {
    await save();
    await expect.poll(() => readFileSync(file(), 'utf8'), { timeout: patience }).not.toContain('betta');
    writeFileSync(file(), sample.replace('"model",', '"model"'));
    await workbench.command('File: Revert File');
    await view.getByText(/^Line \d, column \d+: not valid JSON/).waitFor({ timeout: patience });
    await view.getByRole('button', { name: 'Open as Text' }).click();
    await workbench.page.locator('.editor-instance', { hasText: 'loss_type' }).waitFor();
    writeFileSync(file(), sample);
  });

  it('has no accessibility problems, in four themes and in 600 pixels', async () => {
    await workbench.command('Margin: Open as Form');
    view = await workbench.view('#field-beta', patience);
    for (const theme of themes) {
      await workbench.theme(theme);
      expect(await accessibilityProblems(view)).toEqual([]);
      await workbench.shoot(`trainForm-${theme.toLowerCase().replaceAll(' ', '-')}`);
    }
    await workbench.page.setViewportSize({ width: 600, height: 800 });
    await workbench.shoot('trainForm-narrow');
    const overflow = await view.evaluate(() => document.body.scrollWidth - document.body.clientWidth);
    expect(overflow).toBe(0);
  });
});
