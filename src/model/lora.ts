import { must } from '../base/pure/must';
import { matchPattern, resolveTargets } from './loraTargets';
import type { Adapter, Checkpoint, LoraSettings, Parameter } from './types';

/**
 * PEFT's key of a LoRA matrix (peft `utils/save_and_load.py`).
 *
 * @example
 *   loraKey('model.layers.0.self_attn.q_proj', 'A');
 *   // 'base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight'
 */
export function loraKey(module: string, matrix: 'A' | 'B'): string {
  return `base_model.model.${module}.lora_${matrix}.weight`;
}

/**
 * The value of the first pattern that matches a module's path, or its end after a dot (peft `utils/other.py`,
 * get_pattern_key); undefined: none does.
 */
function patternValue(patterns: Readonly<Record<string, number>> | undefined, module: string): number | undefined {
  if (!patterns) return undefined;
  return Object.entries(patterns).find(([pattern]) => matchPattern(`^(?:.*\\.)?(?:${pattern})$`, module))?.[1];
}

/** The rank of one module: from `rank_pattern`, else `r`. */
export function loraRank({ r, rankPattern }: LoraSettings, module: string): number {
  return patternValue(rankPattern, module) ?? r;
}

/**
 * The factor on B·A of one module: α/r, or α/√r with rsLoRA (Kalajdzievski 2023, arXiv:2312.03732).
 *
 * @example
 *   // r = 8, lora_alpha = 16: 2; with use_rslora: 5.66
 */
export function loraScale(settings: LoraSettings, module: string): number {
  const rank = loraRank(settings, module);
  const alpha = patternValue(settings.alphaPattern, module) ?? settings.alpha;
  return alpha / (settings.rslora ? Math.sqrt(rank) : rank);
}

/**
 * A new adapter, initialised as PEFT does: A [r, in] uniform in ±1/√in (kaiming_uniform with a = √5), B [out, r]
 * zero, so that the adapter changes nothing yet.
 *
 * @param random returns numbers in [0, 1)
 * @throws MarginError `no-target-module` | `bad-adapter`, those of {@link resolveTargets}
 */
export function createAdapter(checkpoint: Checkpoint, settings: LoraSettings, random: () => number): Adapter {
  const modules = resolveTargets(checkpoint, settings);
  const parameters = new Map<string, Parameter>();
  for (const module of modules) {
    const { inFeatures, outFeatures } = must(checkpoint.model.linears.get(module), `the linear layer ${module}`);
    const [bound, rank] = [1 / Math.sqrt(inFeatures), loraRank(settings, module)];
    const a = new Float32Array(rank * inFeatures).map(() => (2 * random() - 1) * bound);
    const matrices = [
      { name: loraKey(module, 'A'), shape: [rank, inFeatures], data: a },
      { name: loraKey(module, 'B'), shape: [outFeatures, rank], data: new Float32Array(outFeatures * rank) },
    ];
    for (const parameter of matrices) parameters.set(parameter.name, parameter);
  }
  return { settings, modules, parameters, fanInFanOut: storedTransposed(checkpoint, modules) };
}

/** PEFT's `fan_in_fan_out`: whether the base stores these layers as [in, out], as GPT-2's Conv1D does. */
export function storedTransposed({ model }: Checkpoint, modules: readonly string[]): boolean {
  return modules.some((module) => model.linears.get(module)?.transposed === true);
}

/** A copy with its own arrays, so that training one adapter does not change the other. */
export function copyAdapter(adapter: Adapter): Adapter {
  const parameters = [...adapter.parameters].map(
    ([name, parameter]) => [name, { ...parameter, data: parameter.data.slice() }] as const,
  );
  return { ...adapter, parameters: new Map(parameters) };
}

/** Whether an adapter changes the model. A new one does not: every B is zero. */
export function hasEffect({ modules, parameters }: Adapter): boolean {
  return modules.some((module) => {
    const key = loraKey(module, 'B');
    return must(parameters.get(key), key).data.some((value) => value !== 0);
  });
}
