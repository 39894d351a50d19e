import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../run/temporaryFolder';
import { CommandLine } from './commandLine';

const program = new CommandLine();
const row = '{"frage": "Q", "good_reply": "yes", "bad_reply": "no"}';

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

it('check offers the columns of a file that it does not know, and reads it with them', async () => {
  const folder = await folderWith({ 'a.jsonl': `${row}\n${row.replace('good_reply', 'gut')}\n` });
  const { out } = await program.runHere(['check', 'a.jsonl'], folder);
  const offered = /--columns (\S+)/.exec(out)?.[1];
  expect(offered).toBe('prompt=frage,chosen=good_reply,rejected=bad_reply');
  const read = await program.runHere(['check', 'a.jsonl', '--columns', String(offered)], folder);
  expect(read.out).toBe(
    'a.jsonl:2: error: good_reply: "good_reply" is missing: the chosen answer is read from it. [missing-field]\n',
  );
});

it('convert reads the columns of dataset_info.json and of an axolotl config', async () => {
  const entry = { ranking: true, columns: { prompt: 'frage', chosen: 'good_reply', rejected: 'bad_reply' } };
  const folder = await folderWith({
    'a.jsonl': `${row}\n`,
    'dataset_info.json': JSON.stringify({ one: entry, two: { ...entry, ranking: false } }),
    'axolotl.yml':
      'datasets:\n  - path: a.jsonl\n    type:\n      field_prompt: frage\n      field_chosen: good_reply\n      field_rejected: bad_reply\n',
  });
  const convert = (columns: string): ReturnType<CommandLine['runHere']> =>
    program.runHere(['convert', 'a.jsonl', '--to', 'trl', '--columns', columns], folder);
  const chat = (await convert('dataset_info.json:one')).json();
  expect(chat).toMatchObject([{ prompt: [{ content: 'Q' }], chosen: [{ content: 'yes' }] }]);
  expect((await convert('axolotl.yml')).json()).toMatchObject([{ prompt: 'Q', chosen: 'yes', rejected: 'no' }]);
  const { code, err } = await convert('dataset_info.json:two');
  expect([code, err]).toEqual([2, expect.stringContaining('"two" cannot be used: it describes no preferences')]);
  expect((await convert('dataset_info.json')).err).toContain('several data sets: name one as dataset_info.json:NAME');
  expect((await convert('chosen=a')).err).toContain('must have chosen and rejected, or completion and label');
});

it('a config with wrong columns is refused, with the nearest name', async () => {
  const columns = { chosn: 'good_reply', rejected: 'bad_reply' };
  const config = { model_name_or_path: '.', train_file: 'a.jsonl', columns };
  const folder = await folderWith({ 'a.jsonl': `${row}\n`, 'a.train.json': JSON.stringify(config) });
  const { out } = await program.runHere(['check', 'a.train.json'], folder);
  expect(out).toContain('columns has "chosn", which is not a column; did you mean "chosen"?');
});
