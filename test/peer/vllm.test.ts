import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSafetensorsHeader } from '../../src/model/safetensors';
import { Program } from '../unit/cli/program';
import { temporaryFolder } from '../unit/run/temporaryFolder';
import { hasPeer, peer, sampleModel } from './peer';
import { runPython } from './python';
import { trainRun } from './trainRun';
import { openVllm } from './vllmEnvironment';

interface Answer {
  readonly refused: string | null;
  readonly scales: readonly (readonly [rank: number, scale: number])[];
}

/** Ranks and scales that differ by module. */
const uneven = {
  lora_alpha: 8,
  use_rslora: true,
  rank_pattern: { 'layers\\.1\\..*': 2 },
  alpha_pattern: { v_proj: 5 },
};
const modules = ['model.layers.0.self_attn.q_proj', 'model.layers.0.self_attn.v_proj', 'model.layers.1.mlp.up_proj'];

async function exported(): Promise<string> {
  const run = await trainRun(resolve(sampleModel), uneven);
  const out = join(await temporaryFolder(), 'out');
  const { code, err } = await new Program().run(['export', run, '--out', out, '--format', 'peft']);
  expect(code, err).toBe(0);
  return out;
}

// vLLM serves no model here: this asks the part of its loader that accepts or refuses an adapter.
describe.skipIf(!hasPeer)('an adapter that Margin exported for PEFT, by the checks of vLLM', () => {
  let python: string | null = null;

  // The installation takes minutes, once.
  beforeAll(async () => {
    python = await openVllm(peer().python);
  }, 900_000);

  it('its config is accepted with PEFT’s ranks and scales, and refused where it should be', async (test) => {
    if (python === null) return test.skip();
    const adapter = await exported();
    const changed = join(await temporaryFolder(), 'dora');
    cpSync(adapter, changed, { recursive: true });
    const file = join(changed, 'adapter_config.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"use_dora": false', '"use_dora": true'));
    const adapters = [
      { folder: adapter, maxRank: 8 },
      { folder: changed, maxRank: 8 },
      { folder: adapter, maxRank: 1 },
    ];
    const answers = await runPython(python, 'peer/vllmAdapter.py', { adapters, modules });
    const [own, dora, small] = answers as readonly Answer[];
    const scale = (alpha: number, rank: number): [number, number] => [rank, alpha / Math.sqrt(rank)];
    expect(own).toEqual({ refused: null, scales: [scale(8, 4), scale(5, 4), scale(8, 2)] });
    expect(dora?.refused).toMatch(/DoRA/);
    expect(small?.refused).toMatch(/rank 4 is greater/);
  });

  it('its tensors have names that the loader reads: those of vllm/lora/utils.py, parse_fine_tuned_lora_name', async () => {
    const adapter = await exported();
    const tensors = await readSafetensorsHeader(join(adapter, 'adapter_model.safetensors'));
    const config = JSON.parse(readFileSync(join(adapter, 'adapter_config.json'), 'utf8')) as Record<string, string[]>;
    expect(tensors.length).toBeGreaterThan(10);
    for (const { name } of tensors) {
      const [, module] = /^base_model\.model\.(?:.+\.)?([^.]+)\.lora_[AB]\.weight$/.exec(name) ?? [];
      expect(config['target_modules'], name).toContain(module);
    }
  });
});
