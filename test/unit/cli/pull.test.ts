import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { HubServer } from '../../hub/hubServer';
import { modelContents } from '../hub/samples';
import { CommandLine } from './commandLine';
import type { Ended } from './program';

const program = new CommandLine();
const hub = new HubServer();

beforeAll(async () => {
  await hub.start();
  hub.add('models/org/tiny', modelContents);
  hub.add('models/org/quants', { 'a.gguf': 'a', 'b.gguf': 'b' });
});
afterAll(() => hub.stop());

async function margin(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const variables = { HF_ENDPOINT: hub.endpoint, HF_HOME: join(program.folder, 'hf'), HF_TOKEN: 'hf_good', ...env };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  return program.runHere(args);
}

it('pull prints what model_name_or_path gets, and margin models finds it there', async () => {
  const planned = await margin(['pull', 'org/tiny', '--dry_run', '--json']);
  expect(planned.json().at(-1)).toMatchObject({ repo: 'org/tiny', revision: 'main', path: 'org/tiny' });
  const { code, json } = await margin(['pull', 'org/tiny', '--json']);
  const folder = join(program.folder, 'hf', 'hub', 'models--org--tiny');
  expect([code, json().at(-1)]).toEqual([0, expect.objectContaining({ path: expect.stringContaining(folder) })]);
  const models = (await margin(['models', '--json'])).json().at(-1)?.['models'];
  expect(models).toEqual([expect.objectContaining({ name: 'org/tiny', path: folder })]);
  const offline = await margin(['pull', 'org/tiny'], { HF_HUB_OFFLINE: '1' });
  expect([offline.code, offline.out]).toEqual([0, expect.stringContaining(`model_name_or_path: ${folder}`)]);
});

it('pull names the files of which one must be chosen, as text and as JSON', async () => {
  const { code, err, json } = await margin(['pull', 'org/quants', '--json']);
  expect([code, err]).toEqual([1, expect.stringContaining('Choose one with --file:\n  a.gguf')]);
  expect(json()[0]).toMatchObject({ option: '--file', choices: [{ path: 'a.gguf' }, { path: 'b.gguf' }] });
  const chosen = await margin(['pull', 'org/quants', '--file', 'b.gguf']);
  expect(chosen.out).toMatch(/model_name_or_path: .*b\.gguf/);
});

it.each([
  [['pull'], 'ID is missing'],
  [['pull', 'org/tiny', '--config', 'x'], '--config is only for data sets'],
  [['pull', 'datasets/org/x', '--config', 'x', '--revision', 'main'], 'leave out one'],
])('%j is wrong usage', async (args, message) => {
  const { code, err } = await margin(args);
  expect([code, err]).toEqual([2, expect.stringContaining(message)]);
});

it('pull --suggested lists models to begin with, with licence and fit, and asks the Hub nothing', async () => {
  hub.requests.length = 0;
  const { code, json } = await margin(['pull', '--suggested', '--json']);
  const { suggested, free } = json().at(-1) ?? {};
  expect([code, typeof free]).toEqual([0, 'number']);
  expect(suggested).toContainEqual({
    id: 'HuggingFaceTB/SmolLM2-135M-Instruct',
    bytes: 269_060_552,
    licence: 'apache-2.0',
    fit: expect.stringMatching(/^(all|lora|none)$/),
  });
  expect(hub.requests).toEqual([]);
});
