import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../run/temporaryFolder';
import { CommandLine } from './commandLine';
import { sampleWith, templates } from './templates';

const program = new CommandLine();
const sample = resolve('media', 'sample', 'model');
const user = (content: string): object => ({ role: 'user', content });
const says = (content: string): object[] => [{ role: 'assistant', content }];
const good = {
  prompt: [user('Which is bigger, a bee or a horse?')],
  chosen: says('A horse is bigger.'),
  rejected: says('A bee.'),
};
const legs = {
  prompt: [user('How many legs has a sheep?')],
  chosen: says('It has four legs.'),
  rejected: says('Nine, I think.'),
};
const twoUsers = { ...legs, prompt: [user('How many legs has a sheep?'), user('Be quick.')] };
const call = (given: unknown): object[] => [
  {
    role: 'assistant',
    content: '',
    tool_calls: [{ type: 'function', function: { name: 'weather', arguments: given } }],
  },
];
const weather = (of: (place: string) => unknown): object => ({
  prompt: [user('Weather?')],
  chosen: call(of('Peru')),
  rejected: call(of('Egypt')),
});

async function folderWith(...rows: readonly object[]): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'a.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
  return folder;
}

describe('a row that the chat template refuses', () => {
  const rows = [good, twoUsers, legs];
  const reason = "prompt: The model's chat template fails: Roles must alternate";

  it('is named by check, which continues with the other rows and files', async () => {
    const folder = await folderWith(...rows);
    await writeFile(join(folder, 'b.jsonl'), JSON.stringify({ prompt: 'Q', chosen: ' a', rejected: '' }));
    const { code, out, err } = await program.runHere(
      ['check', 'a.jsonl', 'b.jsonl', '--model', await sampleWith(templates.alternating)],
      folder,
    );
    expect(code).toBe(1);
    expect(out).toContain(`a.jsonl:2: error: ${reason} [bad-template]\n`);
    expect(out).toMatch(/b\.jsonl:1: warning: rejected: /);
    expect(err).toContain('a.jsonl: 2 pairs of ');
    expect(err).toContain('a.jsonl: 1 row is refused by the model: line 2\n');
  });

  it('is left out and named by score', async () => {
    const { code, json, err } = await program.runHere(
      ['score', 'a.jsonl', '--model', await sampleWith(templates.alternating), '--json'],
      await folderWith(...rows),
    );
    expect([code, json().map(({ line }) => line)]).toEqual([0, [1, 3]]);
    expect(err).toMatch(
      /^1 row of .*a\.jsonl is left out: prompt: The model's chat template fails: Roles must alternate \(line 2\)$/m,
    );
  });

  it('is reported by tokens with file, line and field', async () => {
    const { code, err } = await program.runHere(
      ['tokens', 'a.jsonl', '--line', '2', '--model', await sampleWith(templates.alternating)],
      await folderWith(...rows),
    );
    expect([code, err]).toEqual([1, expect.stringContaining(`a.jsonl:2: ${reason}\n`)]);
  });

  it('is left out by train and its dry run, with the message of check', async () => {
    const folder = await folderWith(...rows);
    const config = {
      model_name_or_path: await sampleWith(templates.alternating),
      train_file: 'a.jsonl',
      use_peft: true,
      max_steps: 1,
      per_device_train_batch_size: 1,
    };
    await writeFile(join(folder, 'a.train.json'), JSON.stringify(config));
    const note = new RegExp(`1 row of .*a\\.jsonl is left out: ${reason} \\(line 2\\)`);
    const trained = await program.runHere(['train', 'a.train.json', '--json'], folder);
    expect(trained.json().at(-1)).toMatchObject({ status: 'done' });
    expect(trained.json()).toContainEqual(
      expect.objectContaining({ kind: 'note', message: expect.stringMatching(note) }),
    );
    const [estimate] = (await program.runHere(['train', 'a.train.json', '--dry_run', '--json'], folder)).json();
    expect(estimate).toMatchObject({ remarks: [expect.stringMatching(note)] });
    const checked = await program.runHere(['check', 'a.train.json'], folder);
    expect([checked.code, checked.out]).toEqual([
      1,
      expect.stringMatching(new RegExp(`^a\\.train\\.json: error: ${note.source}\n$`)),
    ]);
  });
});

describe('an error of the whole model', () => {
  it('is reported once by check, which still checks everything that needs no model', async () => {
    const folder = await folderWith(good, legs, { ...legs, rejected: says('') });
    const { code, out } = await program.runHere(
      ['check', 'a.jsonl', '--model', await sampleWith(null), '--json'],
      folder,
    );
    expect(code).toBe(1);
    expect(out.match(/"no-chat-template"/g)).toHaveLength(1);
    expect(out).toMatch(/"line":3.*"empty-answer"/);
  });
});

describe('arguments of tool calls that are JSON text', () => {
  const asText = weather((place) => JSON.stringify({ place }));

  it('are an error if the template needs an object', async () => {
    const { code, out } = await program.runHere(
      ['check', 'a.jsonl', '--model', await sampleWith(templates.items)],
      await folderWith(asText),
    );
    expect(code).toBe(1);
    expect(out).toMatch(
      /^a\.jsonl:1: error: chosen: tool_calls\[0\]\.function\.arguments is JSON text, but the template needs an object: write \{"place":"Peru"\}/m,
    );
  });

  it('get an info if the template encodes them a second time', async () => {
    const { code, out } = await program.runHere(
      ['check', 'a.jsonl', '--model', await sampleWith(templates.tojson)],
      await folderWith(
        asText,
        weather((place) => ({ place })),
      ),
    );
    expect(code).toBe(0);
    expect(
      out
        .trimEnd()
        .split('\n')
        .filter((line) => line.includes('encodes it a second time')),
    ).toEqual([
      expect.stringMatching(/^a\.jsonl:1: info: chosen: /),
      expect.stringMatching(/^a\.jsonl:1: info: rejected: /),
    ]);
  });
});

describe('a pair whose answers become the same tokens', () => {
  it('is found if the template drops the difference, and if max_length cuts it off', async () => {
    const long = { prompt: 'Q', chosen: ` ${'a '.repeat(40)}yes.`, rejected: ` ${'a '.repeat(40)}no.` };
    const folder = await folderWith(
      weather((place) => ({ place })),
      long,
      good,
    );
    const { code, out } = await program.runHere(['check', 'a.jsonl', '--model', sample, '--max_length', '30'], folder);
    expect(code).toBe(0);
    expect(out.split('\n').filter((line) => line.includes('same tokens'))).toEqual([
      expect.stringMatching(/^a\.jsonl:1: warning: .* drops the fields in which they differ \(tool_calls\)/),
      expect.stringMatching(/^a\.jsonl:2: warning: .* max_length cuts off their difference/),
    ]);
  });
});

it('score and check of a config repeat what check says about a whole file', async () => {
  const folder = await folderWith({ ...good, persona: 'Be kind.' }, { ...legs, persona: 'Be kind.' });
  await writeFile(
    join(folder, 'a.train.json'),
    JSON.stringify({ model_name_or_path: sample, train_file: 'a.jsonl', use_peft: true }),
  );
  const says = /"persona" is not read.* \(2 rows: lines 1, 2\)(?: \[unread-key\])?\n/;
  expect((await program.runHere(['check', 'a.jsonl'], folder)).out).toMatch(says);
  expect((await program.runHere(['check', 'a.train.json'], folder)).out).toMatch(says);
  expect((await program.runHere(['score', 'a.jsonl', '--model', sample], folder)).err).toMatch(says);
});
