import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { joinRewards } from '../../../src/host/pairEditor/node/rewards';
import { RunRewards } from '../../../src/host/runPanel/rewards/runRewards';
import { keyNumber } from '../../../src/pairs/keyNumber';
import { createRunFolder, runPaths } from '../../../src/run/folder';
import { failureOf } from '../model/files';
import { runConfig } from '../run/samples';
import { temporaryFolder } from '../run/temporaryFolder';

const side = { logp: -2, ref_logp: -1, reward: -0.1, tokens: 3 };
const whole = { row: 0, line: 1, key: '0123456789abcdef', chosen: side, rejected: side, margin: 0.5 };
const good = JSON.stringify(whole);

/** A run with rewards of steps 0 and 20, whose files hold these texts. */
async function run(before: string, after: string): Promise<string> {
  const folder = await createRunFolder(await temporaryFolder(), runConfig());
  await mkdir(dirname(runPaths.rewards(folder, 0)), { recursive: true });
  await writeFile(runPaths.rewards(folder, 0), before);
  await writeFile(runPaths.rewards(folder, 20), after);
  return folder;
}

const damages: readonly (readonly [string, string])[] = [
  ['a line that is cut', '{"row":0,"li'],
  ['null', 'null'],
  ['a list', '[1]'],
  ['no key', JSON.stringify({ ...whole, key: 7 })],
  ['no side', JSON.stringify({ ...whole, chosen: null })],
  ['a reward that is text', JSON.stringify({ ...whole, rejected: { ...side, reward: 'high' } })],
  ['a margin beyond numbers', good.replace('0.5', '1e999')],
  ['deep nesting', `{"row":${'['.repeat(100_000)}`],
  ['zeros', '\0\0\0\0'],
];

describe('rewards', () => {
  it.each(damages)('with %s are not shown; the error names file and line', async (_, line) => {
    const folder = await run(good, `${good}\n${line}\n`);
    const path = runPaths.rewards(folder, 20);
    const joined = await joinRewards({ id: path, label: 'step 20', isOfRun: true }, null);
    expect([joined.pairs, joined.widest]).toEqual([null, 0]);
    expect(joined.notice).toContain(`${path}:2`);
    const asked = new RunRewards(folder, true).tableOf({ step: 20, before: null, beforeRun: null });
    expect(await failureOf(asked)).toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining(`${path}:2`),
    });
  });

  it('before the first step are reported too if they are damaged', async () => {
    const folder = await run('{"row":0,"li', good);
    const { notice } = await joinRewards({ id: runPaths.rewards(folder, 20), label: '', isOfRun: true }, null);
    expect(notice).toContain(runPaths.rewards(folder, 0));
  });

  it('of gigabytes without a line end are not read to the end', async () => {
    const folder = await run(good, '');
    await truncate(runPaths.rewards(folder, 20), 5e9);
    const { notice } = await joinRewards({ id: runPaths.rewards(folder, 20), label: '', isOfRun: true }, null);
    expect(notice).toMatch(/step-000020\.jsonl:1 is longer than 8 MB/);
  });

  it('that are valid are shown, with the margins before training if there are any', async () => {
    const folder = await run(good, good);
    expect(await joinRewards({ id: runPaths.rewards(folder, 20), label: '', isOfRun: true }, null)).toMatchObject({
      notice: null,
      widest: 0.5,
    });
    const { pairs } = await joinRewards({ id: runPaths.rewards(folder, 20), label: '', isOfRun: true }, null);
    expect(pairs?.get(keyNumber(whole.key))).toMatchObject({ margin: 0.5, before: 0.5 });
    expect((await new RunRewards(folder, true).tableOf({ step: 20, before: null, beforeRun: null })).page).toBeTypeOf(
      'function',
    );
  });
});
