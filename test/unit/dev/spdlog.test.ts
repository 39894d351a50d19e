import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createAsyncRotatingLogger } from '../../../src/dev/workbench/spdlog';

describe('the stand-in for @vscode/spdlog', () => {
  const folder = mkdtempSync(join(tmpdir(), 'margin-spdlog-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('makes the folder of its file, and writes lines that VS Code’s output view reads', async () => {
    const file = join(folder, 'exthost/margin.margin/Margin.log');
    const logger = await createAsyncRotatingLogger('Margin', file, 1e6);
    logger.info('Margin is active');
    logger.warn('Disk is nearly full');
    logger.error('first\nsecond');
    const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}`;
    const lines = ['[info] Margin is active', '[warning] Disk is nearly full', '[error] first\nsecond'];
    const expected = lines.map((line) => `${time} ${line.replaceAll('[', String.raw`\[`)}\n`).join('');
    expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`^${expected}$`));
  });

  it('leaves out what is below its level', async () => {
    const file = join(folder, 'levels.log');
    const logger = await createAsyncRotatingLogger('levels', file, 1e6);
    logger.debug('too fine');
    logger.setLevel(0);
    logger.trace('fine');
    logger.setLevel(6);
    logger.error('off');
    expect(readFileSync(file, 'utf8')).toMatch(/^[^\n]*\[trace\] fine\n$/);
  });

  it('writes messages unchanged if VS Code formats them', async () => {
    const file = join(folder, 'raw.log');
    const logger = await createAsyncRotatingLogger('raw', file, 1e6);
    logger.clearFormatters();
    logger.info('a');
    logger.info('b\n');
    expect(readFileSync(file, 'utf8')).toBe('ab\n');
  });

  it('keeps one older file, continues an existing file, and counts bytes', async () => {
    const file = join(folder, 'full.log');
    for (const message of ['äääää', 'bbbbb', 'ccccc', 'ddddd']) {
      const logger = await createAsyncRotatingLogger('full', file, 10);
      logger.clearFormatters();
      logger.info(message);
    }
    expect(readFileSync(`${file}.1`, 'utf8')).toBe('bbbbbccccc');
    expect(readFileSync(file, 'utf8')).toBe('ddddd');
  });

  it('does not end the program if it cannot write', async () => {
    const logger = await createAsyncRotatingLogger('folder', join(folder, 'exthost'), 1e9);
    expect(() => logger.info('lost')).not.toThrow();
  });
});
