import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Program } from '../cli/program';
import { temporaryFolder } from '../run/temporaryFolder';
import { hasFifos, makeFifo } from './fifo';

const program = new Program();
const model = resolve('media', 'sample', 'model');
const pairs = resolve('media', 'sample', 'prefs.jsonl');

async function configOf(keys: object): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(
    join(folder, 'a.train.json'),
    JSON.stringify({ model_name_or_path: model, train_file: pairs, use_peft: true, max_steps: 1, ...keys }),
  );
  return folder;
}

/** A read would hang until the time limit of the test. */
describe.skipIf(!hasFifos)(
  'a pipe where a file is expected is refused at once (skipped on Windows, where pipes are not files)',
  () => {
    it.each([
      ['check', ['check', 'pipe.jsonl']],
      ['check of a config', ['check', 'pipe.train.json']],
      ['score', ['score', 'pipe.jsonl', '--model', model]],
      ['tokens', ['tokens', 'pipe.jsonl', '--model', model]],
      ['train', ['train', 'pipe.train.json']],
    ])('as the argument of %s', async (_, argv) => {
      const folder = await temporaryFolder();
      for (const name of ['pipe.jsonl', 'pipe.train.json']) makeFifo(join(folder, name));
      const { code, out, err } = await program.run(argv, folder);
      expect([code, out + err]).toEqual([1, expect.stringMatching(/pipe\.(jsonl|train\.json) is not a regular file/)]);
    });

    it.each(['train_file', 'eval_file'])('as %s of a config, by check, train and its dry run', async (field) => {
      const folder = await configOf({ [field]: 'pipe.jsonl' });
      makeFifo(join(folder, 'pipe.jsonl'));
      for (const argv of [
        ['check', 'a.train.json'],
        ['train', 'a.train.json'],
        ['train', 'a.train.json', '--dry_run'],
      ]) {
        const { code, out, err } = await program.run(argv, folder);
        expect([code, out + err], argv.join(' ')).toEqual([
          1,
          expect.stringMatching(/pipe\.jsonl is not a regular file/),
        ]);
      }
    });
  },
);

describe.skipIf(!existsSync('/dev/zero'))('a device (skipped where there is no /dev/zero)', () => {
  it.each([
    ['check', ['check', '/dev/zero']],
    ['score', ['score', '/dev/zero', '--model', model]],
  ])('is refused by %s', async (_, argv) => {
    const { code, out, err } = await program.run(argv);
    expect([code, out + err]).toEqual([1, expect.stringMatching(/\/dev\/zero is not a regular file/)]);
  });
});

describe.skipIf(!existsSync('/proc/self'))(
  'an output_dir that cannot be made (skipped where there is no /proc)',
  () => {
    it.each([
      ['check', []],
      ['train', []],
      ['train', ['--dry_run']],
    ])('is reported by %s %j', async (command, options) => {
      const { code, out, err } = await program.run(
        [command, 'a.train.json', ...options],
        await configOf({ output_dir: '/proc/margin/runs' }),
      );
      expect([code, out + err]).toEqual([1, expect.stringMatching(/output_dir: Cannot write \/proc\/margin\/runs/)]);
    });
  },
);
