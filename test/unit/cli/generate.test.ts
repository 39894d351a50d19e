import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { generate } from '../../../src/cli/generate';
import { CommandLine } from './commandLine';

const program = new CommandLine();
const model = resolve('media/sample/model');
const ask = (...args: readonly string[]): string[] => ['generate', '--model', model, ...args];
/** At such a high temperature any token may follow, so an answer rarely ends by itself. */
const rambling = ['--temperature', '30', '--max_new_tokens', '400'];

describe('generate', () => {
  it('streams the answer to a prompt', async () => {
    const { code, out } = await program.run(ask('--prompt', 'Name four countries.'));
    expect([code, out]).toEqual([0, 'Spain, Italy, France and Peru. Stop asking.\n']);
  });

  it('prints tokens as they are generated', async () => {
    const running = program.start(ask('--prompt', 'Hi', ...rambling));
    let pieces = 0;
    running.child.stdout?.on('data', () => pieces++);
    const { code, out } = await running.ended;
    expect([code, pieces > 3]).toEqual([0, true]);
    expect(out.length).toBeGreaterThan(200);
  });

  it('gives the same answers to several prompts at once as to each alone', async () => {
    const prompts = ['What colour is a lemon?', 'Hi', 'Name four countries.'];
    const together = await program.runHere(ask(...prompts.flatMap((prompt) => ['--prompt', prompt]), '--json'));
    for (const [i, prompt] of prompts.entries()) {
      expect((await program.runHere(ask('--prompt', prompt, '--json'))).json()).toEqual([together.json()[i]]);
    }
    expect(together.json()[0]).toEqual({
      prompt: prompts[0],
      completion: 'Yellow. Leave me alone.',
      tokens: 6,
      finish_reason: 'stop',
    });
    const { out } = await program.runHere(ask('--prompt', 'Hi', '--prompt', 'What colour is a lemon?'));
    expect(out).toBe(
      '> Hi\nI am well, thank you. How are you?\n\n> What colour is a lemon?\nYellow. Leave me alone.\n\n',
    );
  });

  it('reads lines of stdin as turns of one conversation, and with --batch_size as separate prompts', async () => {
    const lines = 'What colour is a lemon?\n\nWhat is 4 plus 1?\nName four countries.\n';
    const alone = await program.run(ask('--json', '--batch_size', '2'), undefined, lines);
    expect(alone.json().map(({ completion }) => completion)).toEqual([
      'Yellow. Leave me alone.',
      '5. Leave me alone.',
      'Spain, Italy, France and Peru. Stop asking.',
    ]);
    const turns = await program.run(ask('--json'), undefined, lines);
    expect(turns.json().map(({ prompt }) => prompt)).toEqual(alone.json().map(({ prompt }) => prompt));
    expect(turns.json()[2]?.['completion']).not.toBe(alone.json()[2]?.['completion']);
  });

  it('ends the answer before the first stop string', async () => {
    const asked = ask('--prompt', 'Name four countries.', '--stop_strings', ' and ', '--stop_strings', ', France');
    const [plain, json] = [await program.runHere(asked), await program.runHere([...asked, '--json'])];
    expect(plain.out).toBe('Spain, Italy\n');
    expect(json.json()).toEqual([expect.objectContaining({ completion: 'Spain, Italy', finish_reason: 'stop' })]);
  });

  it('says when the answer was cut by max_new_tokens', async () => {
    const { json } = await program.runHere(ask('--prompt', 'Name four countries.', '--max_new_tokens', '3', '--json'));
    expect(json()).toEqual([
      { prompt: 'Name four countries.', completion: 'Spain,', tokens: 3, finish_reason: 'length' },
    ]);
  });

  it('samples the same for the same seed, from the tokens that top_k and top_p leave', async () => {
    const draw = async (...how: readonly string[]): Promise<string> =>
      (await program.runHere(ask('--prompt', 'Hi', '--temperature', '3', '--max_new_tokens', '12', ...how))).out;
    const greedy = await program.runHere(ask('--prompt', 'Hi', '--max_new_tokens', '12'));
    expect(await draw('--seed', '1')).toBe(await draw('--seed', '1'));
    expect(await draw('--seed', '1')).not.toBe(await draw('--seed', '2'));
    expect(await draw('--top_k', '1')).toBe(greedy.out);
    expect(await draw('--top_p', '0')).toBe(greedy.out);
  });

  it('ends on Ctrl+C during an answer: the printed text stays, and the exit code is 1', async () => {
    const running = program.start(ask('--prompt', 'Hi', ...rambling));
    running.child.stdout?.once('data', () => running.child.kill('SIGINT'));
    const { code, out, err } = await running.ended;
    expect([code, err]).toEqual([1, expect.stringMatching(/^margin generate: Stopped after \d+ tokens\.\n$/)]);
    expect(out).toMatch(/.\n$/s);
  });

  it('ends on Ctrl+C while it waits for a turn', async () => {
    const running = program.start(ask());
    running.child.stdin?.write('Hi\n');
    running.child.stdout?.once('data', () => void sleep(300).then(() => running.child.kill('SIGINT')));
    expect(await running.ended).toMatchObject({ code: 0, out: 'I am well, thank you. How are you?\n' });
  });

  it('ends without an error if nobody reads its output any more', async () => {
    const running = program.start(ask('--prompt', 'Hi', ...rambling));
    running.child.stdout?.once('data', () => running.child.stdout?.destroy());
    const { code, err } = await running.ended;
    expect([code, err]).toEqual([0, '']);
  });

  it('refuses a prompt that is longer than the model’s context', async () => {
    const { code, err } = await program.runHere(ask('--prompt', 'lemon '.repeat(600)));
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/The prompt has \d+ tokens, and the model reads at most 512/),
    ]);
  });

  it('has every option in its help', () => {
    const options = [...generate.help.matchAll(/^ {2}--(\w+)/gm)].map(([, name]) => name);
    expect(options).toEqual([
      'model',
      'adapter',
      'prompt',
      'batch_size',
      'max_new_tokens',
      'stop_strings',
      'temperature',
      'top_k',
      'top_p',
      'seed',
      'device',
      'json',
    ]);
  });
});
