import { readdirSync, readFileSync } from 'node:fs';
import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { readSafetensorsHeader } from '../../../src/model/safetensors';
import { temporaryFolder } from '../run/temporaryFolder';
import { CommandLine } from './commandLine';

const program = new CommandLine();

it('a run trains on a .gguf file, and its adapter can be used as a model even after the converted file is deleted', async () => {
  const folder = await temporaryFolder();
  await copyFile(resolve('test/unit/model/gguf/llama.gguf'), join(folder, 'small.gguf'));
  const pairs = Array.from({ length: 6 }, (_, i) =>
    JSON.stringify({ prompt: 'ab', chosen: 'cd'.repeat(i + 1), rejected: 'ef'.repeat(i + 2) }),
  );
  await writeFile(join(folder, 'pairs.jsonl'), `${pairs.join('\n')}\n`);
  const config = {
    model_name_or_path: 'small.gguf',
    train_file: 'pairs.jsonl',
    use_peft: true,
    lora_target_modules: 'all-linear',
    learning_rate: 0.01,
    max_steps: 3,
    rank_pattern: { v_proj: 2 },
    layers_to_transform: [1],
  };
  await writeFile(join(folder, 'a.train.json'), JSON.stringify(config));
  const trained = await program.run(['train', 'a.train.json', '--json'], folder);
  expect(trained.code, trained.err).toBe(0);
  const adapter = join(String(trained.json().at(-1)?.run), 'checkpoints', 'step-000003');
  expect(JSON.parse(readFileSync(join(adapter, 'adapter_config.json'), 'utf8'))).toMatchObject({
    base_model_name_or_path: join(folder, 'small.gguf'),
    rank_pattern: { v_proj: 2 },
    layers_to_transform: [1],
  });
  const matrices = (await readSafetensorsHeader(join(adapter, 'adapter_model.safetensors'))).map(
    ({ name, shape }) => [name, shape] as const,
  );
  expect(matrices.every(([name]) => name.includes('.layers.1.'))).toBe(true);
  expect(new Map(matrices).get('base_model.model.model.layers.1.self_attn.v_proj.lora_A.weight')).toEqual([2, 32]);

  await rm(join(program.folder, 'cache', 'margin', 'models'), { recursive: true });
  const scored = await program.runHere(['score', 'pairs.jsonl', '--model', adapter, '--json'], folder);
  expect(scored.code, scored.err).toBe(0);
  const margins = scored.json().flatMap(({ margin }) => (typeof margin === 'number' ? [margin] : []));
  expect(margins).toHaveLength(6);
  expect(margins.some((margin) => margin > 0.001)).toBe(true);
}, 60_000);

it('dtype trains on a rounded copy that is made once, and the adapter names the original model as its base', async () => {
  const folder = await temporaryFolder();
  const model = resolve('media/sample/model');
  await copyFile(resolve('media/sample/heldout.jsonl'), join(folder, 'pairs.jsonl'));
  await writeFile(
    join(folder, 'a.train.json'),
    JSON.stringify({
      model_name_or_path: model,
      train_file: 'pairs.jsonl',
      use_peft: true,
      max_steps: 1,
      dtype: 'bfloat16',
    }),
  );
  const trained = await program.runHere(['train', 'a.train.json', '--json'], folder);
  expect(trained.code, trained.err).toBe(0);
  const adapter = join(String(trained.json().at(-1)?.run), 'checkpoints', 'step-000001');
  expect(JSON.parse(readFileSync(join(adapter, 'adapter_config.json'), 'utf8'))).toMatchObject({
    base_model_name_or_path: model,
  });
  expect(
    readdirSync(join(program.folder, 'cache', 'margin', 'models')).filter((name) => name.startsWith('model-bf16-')),
  ).toHaveLength(1);
}, 60_000);
