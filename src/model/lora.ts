import { GraphError } from '../graph/graphError';
import type { Adapter, Checkpoint, LoraSettings, Parameter } from './types';

/** PEFT's key for a LoRA matrix of a module (peft `utils/save_and_load.py`). */
export function loraKey(module: string, matrix: 'A' | 'B'): string {
  return `base_model.model.${module}.lora_${matrix}.weight`;
}

/** α/r, or α/√r with rsLoRA (Kalajdzievski 2023, arXiv:2312.03732). */
export function loraScale({ r, alpha, rslora }: LoraSettings): number {
  return alpha / (rslora ? Math.sqrt(r) : r);
}

/**
 * The modules PEFT would put LoRA on: an entry matches a module's whole path or its end after a dot.
 *
 * @throws GraphError `no-target-module` naming an entry that matches nothing
 */
export function resolveTargets(checkpoint: Checkpoint, targets: LoraSettings['targets']): string[] {
  const modules = [...checkpoint.model.linears.keys()];
  if (targets === 'all-linear') return modules;
  const entries = targets ?? checkpoint.model.loraTargets;
  const matches = (module: string, entry: string): boolean => module === entry || module.endsWith(`.${entry}`);
  const useless = entries.find((entry) => !modules.some((module) => matches(module, entry)));
  if (useless !== undefined) {
    const known = [...new Set(modules.map((module) => module.split('.').at(-1)))].join(', ');
    throw new GraphError('no-target-module', `lora_target_modules: "${useless}" is no linear layer of ${checkpoint.folder}; there are ${known}, or "all-linear"`);
  }
  return modules.filter((module) => entries.some((entry) => matches(module, entry)));
}

/**
 * A fresh adapter as PEFT makes it: A uniform in ±1/√in (kaiming with a = √5), B zero, so that it changes nothing yet.
 *
 * @param random numbers in [0, 1)
 */
export function createAdapter(checkpoint: Checkpoint, settings: LoraSettings, random: () => number): Adapter {
  const modules = resolveTargets(checkpoint, settings.targets);
  const parameters = new Map<string, Parameter>();
  for (const module of modules) {
    const { inner, out } = checkpoint.model.linears.get(module) ?? { inner: 0, out: 0 };
    const bound = 1 / Math.sqrt(inner);
    const a = Float32Array.from({ length: settings.r * inner }, () => (2 * random() - 1) * bound);
    const matrices = [
      { name: loraKey(module, 'A'), shape: [settings.r, inner], data: a },
      { name: loraKey(module, 'B'), shape: [out, settings.r], data: new Float32Array(out * settings.r) },
    ];
    for (const parameter of matrices) parameters.set(parameter.name, parameter);
  }
  return { settings, modules, parameters };
}

/** The same adapter with its own arrays: what the optimizer does to one does not reach the other. */
export function copyAdapter(adapter: Adapter): Adapter {
  const parameters = [...adapter.parameters].map(([name, parameter]) => [name, { ...parameter, data: parameter.data.slice() }] as const);
  return { ...adapter, parameters: new Map(parameters) };
}

/** Whether an adapter changes anything: with every B zero, as a fresh one's, it adds nothing. */
export function hasEffect({ modules, parameters }: Adapter): boolean {
  return modules.some((module) => parameters.get(loraKey(module, 'B'))?.data.some((value) => value !== 0) ?? false);
}
