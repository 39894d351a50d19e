import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAdapter, writeAdapter } from '../../../src/model/adapter';
import { parseModel } from '../../../src/model/config';
import { createAdapter, loraKey, loraRank, loraScale } from '../../../src/model/lora';
import { resolveTargets } from '../../../src/model/loraTargets';
import type { Checkpoint, LoraSettings } from '../../../src/model/types';
import { temporaryFolder } from '../run/temporaryFolder';

/**
 * Recorded by `test/peer/models/lora.py`: the settings given to PEFT, and each module it adapted with rank and scale.
 */
interface Recorded {
  readonly case: string;
  readonly asked: {
    readonly target_modules?: string | readonly string[];
    readonly layers_to_transform?: number | readonly number[];
    readonly layers_pattern?: string;
    readonly rank_pattern?: Readonly<Record<string, number>>;
    readonly alpha_pattern?: Readonly<Record<string, number>>;
    readonly use_rslora?: boolean;
  };
  readonly modules: Readonly<Record<string, readonly [rank: number, scale: number]>>;
}

const recorded = JSON.parse(readFileSync(join('test', 'unit', 'model', 'loraTargets.json'), 'utf8')) as Recorded[];

/** A model without weights. */
function checkpointOf(name: string): Checkpoint {
  const golden = JSON.parse(readFileSync(join('test', 'unit', 'engine', 'goldens', `${name}.json`), 'utf8')) as {
    config5: unknown;
    full: object;
  };
  return {
    folder: name,
    model: parseModel(JSON.stringify(golden.config5), 'config.json', new Set(Object.keys(golden.full))),
    weights: new Map(),
  };
}

function settingsOf({ asked }: Recorded): LoraSettings {
  const layers = asked.layers_to_transform;
  return {
    r: 4,
    alpha: 6,
    rslora: asked.use_rslora ?? false,
    dropout: 0,
    targets: asked.target_modules ?? null,
    rankPattern: asked.rank_pattern ?? {},
    alphaPattern: asked.alpha_pattern ?? {},
    layersToTransform: layers === undefined ? null : typeof layers === 'number' ? [layers] : layers,
    layersPattern: asked.layers_pattern === undefined ? null : [asked.layers_pattern],
  };
}

describe('LoRA adapts the modules that PEFT adapts', () => {
  it.each(recorded.map((one) => ({ ...one, says: `${one.case} ${JSON.stringify(one.asked)}` })))('$says', (one) => {
    const settings = settingsOf(one);
    const modules = resolveTargets(checkpointOf(one.case), settings);
    expect([...modules].sort()).toEqual(Object.keys(one.modules).sort());
    for (const module of modules) {
      const [rank, scale] = one.modules[module] ?? [];
      expect(loraRank(settings, module), module).toBe(rank);
      expect(loraScale(settings, module), module).toBeCloseTo(scale ?? Number.NaN, 12);
    }
  });

  it.each(recorded.filter(({ asked }) => asked.layers_to_transform ?? asked.rank_pattern ?? asked.use_rslora))(
    'and is the same after writing and reading: $case $asked',
    async (one) => {
      const [checkpoint, folder] = [checkpointOf(one.case), await temporaryFolder()];
      const adapter = createAdapter(checkpoint, settingsOf(one), () => 0.5);
      await writeAdapter(folder, adapter, 'base');
      expect(await readAdapter(folder, checkpoint)).toEqual(adapter);
    },
  );

  it('names the modules of the model if a name or a choice of layers matches nothing', () => {
    const checkpoint = checkpointOf('llama');
    const refused =
      (settings: Partial<LoraSettings>): (() => unknown) =>
      () =>
        resolveTargets(checkpoint, { r: 4, alpha: 6, rslora: false, dropout: 0, targets: null, ...settings });
    expect(refused({ targets: ['q_proj', 'c_attn'] })).toThrow(
      '"c_attn" matches no linear layer of llama; it has q_proj, k_proj',
    );
    expect(refused({ targets: '.*c_attn' })).toThrow('".*c_attn" matches no linear layer');
    expect(refused({ layersToTransform: [7] })).toThrow('in the layers 7');
    expect(refused({ targets: '(' })).toThrow('not a valid pattern of modules');
    expect(refused({ targets: '.*q_proj', layersToTransform: [1] })).toThrow('not the pattern ".*q_proj"');
    expect(refused({ targets: 'all-linear', layersToTransform: [7] })).toThrow('the layers 7');
  });

  it('is saved with fan_in_fan_out if the layers are transposed', async () => {
    const [checkpoint, folder] = [checkpointOf('gpt2'), await temporaryFolder()];
    const adapter = createAdapter(checkpoint, { r: 2, alpha: 2, rslora: false, dropout: 0, targets: null }, () => 0);
    expect(adapter.parameters.get(loraKey('transformer.h.0.attn.c_attn', 'B'))?.shape).toEqual([96, 2]);
    await writeAdapter(folder, adapter, 'base');
    expect(JSON.parse(readFileSync(join(folder, 'adapter_config.json'), 'utf8'))).toMatchObject({
      fan_in_fan_out: true,
      target_modules: ['c_attn'],
    });
  });
});
