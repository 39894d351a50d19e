import { must } from '../base/pure/must';
import { match, resolveTargets } from './loraTargets';
import type { Adapter, Checkpoint, LoraSettings, Parameter } from './types';

/** PEFT's key for a LoRA matrix of a module (peft `utils/save_and_load.py`). */
export function loraKey(module: string, matrix: 'A' | 'B'): string {
  return `base_model.model.${module}.lora_${matrix}.weight`;
}

/**
 * The first pattern that a module's path ends with, as a regular expression after a dot (peft `utils/other.py`,
 * get_pattern_key).
 */
function patternValue(patterns: Readonly<Record<string, number>> | undefined, module: string): number | undefined {
  return Object.entries(patterns ?? {}).find(([pattern]) => match(`^(?:.*\\.)?(?:${pattern})$`, module))?.[1];
}

export function loraRank({ r, rankPattern }: LoraSettings, module: string): number {
  return patternValue(rankPattern, module) ?? r;
}

/** α/r, or α/√r with rsLoRA (Kalajdzievski 2023, arXiv:2312.03732), of one module. */
export function loraScale(settings: LoraSettings, module: string): number {
  const rank = loraRank(settings, module);
  const alpha = patternValue(settings.alphaPattern, module) ?? settings.alpha;
  return alpha / (settings.rslora ? Math.sqrt(rank) : rank);
}

/**
 * A fresh adapter as PEFT makes it: A uniform in ±1/√in (kaiming with a = √5), B zero, so that it changes nothing yet.
 *
 * @param random numbers in [0, 1)
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

/** PEFT's `fan_in_fan_out`: the layers are GPT-2's Conv1D. */
export function storedTransposed({ model }: Checkpoint, modules: readonly string[]): boolean {
  return modules.some((module) => model.linears.get(module)?.transposed === true);
}

/** The same adapter with its own arrays: what the optimizer does to one does not reach the other. */
export function copyAdapter(adapter: Adapter): Adapter {
  const parameters = [...adapter.parameters].map(
    ([name, parameter]) => [name, { ...parameter, data: parameter.data.slice() }] as const,
  );
  return { ...adapter, parameters: new Map(parameters) };
}

/** Whether an adapter changes anything: with every B zero, as a fresh one's, it adds nothing. */
export function hasEffect({ modules, parameters }: Adapter): boolean {
  return modules.some((module) => parameters.get(loraKey(module, 'B'))?.data.some((value) => value !== 0) ?? false);
}
