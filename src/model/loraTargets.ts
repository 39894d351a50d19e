import { TimeLimit } from '../base/node/timeLimit';
import { errorMessage, MarginError } from '../base/pure/marginError';
import type { Checkpoint, LoraSettings } from './types';

/** A module path has about 60 characters. A pattern takes microseconds, unless it backtracks forever. */
const matchMs = 1000;

/**
 * Matches a regular expression of a config with a module path. The config may come from anybody, so time is limited.
 *
 * @throws MarginError `bad-adapter` if the source is not a regular expression, or the match takes longer than 1 s
 */
export function matchPattern(source: string, module: string): RegExpExecArray | null {
  const pattern = patternOf(source);
  return new TimeLimit(
    matchMs,
    'bad-adapter',
    `The pattern "${source}" takes too long to match "${module}": write a simpler one.`,
  ).run(() => pattern.exec(module));
}

function patternOf(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch (error) {
    throw new MarginError('bad-adapter', `"${source}" is not a valid pattern of modules: ${errorMessage(error)}`);
  }
}

/**
 * The modules on which PEFT puts LoRA (peft `tuners/tuners_utils.py`, check_target_module_exists):
 *
 * - a string is a regular expression for whole module paths;
 * - an entry of a list is a whole path, or the end of a path after a dot. The second form respects
 *   `layers_to_transform`.
 *
 * Unlike PEFT, Margin allows "all-linear" together with `layers_to_transform`; the adapter is saved with names.
 *
 * @example
 *   // targets ['q_proj', 'v_proj'], two layers:
 *   // model.layers.0.self_attn.q_proj, model.layers.0.self_attn.v_proj, model.layers.1.self_attn.q_proj, …
 *
 * @returns module paths in the order of the forward pass
 * @throws MarginError `no-target-module` naming the entry that matches nothing | `bad-adapter` for a bad pattern
 */
export function resolveTargets({ model, folder }: Checkpoint, settings: LoraSettings): string[] {
  const modules = [...model.linears.keys()];
  const targets = settings.targets ?? model.loraTargets;
  const chosen = `the layers ${String(settings.layersToTransform)}`;
  if (targets === 'all-linear')
    return requireSome(
      modules.filter((module) => inLayers(module, settings)),
      chosen,
      modules,
      folder,
    );
  if (typeof targets === 'string') {
    // PEFT refuses this combination too: a pattern can name layers itself.
    if (settings.layersToTransform)
      throw new MarginError(
        'no-target-module',
        `layers_to_transform needs lora_target_modules to be names or "all-linear", not the pattern "${targets}"`,
      );
    return requireSome(
      modules.filter((module) => matchPattern(`^(?:${targets})$`, module)),
      targets,
      modules,
      folder,
    );
  }
  const endsIn = (module: string, entry: string): boolean => module === entry || module.endsWith(`.${entry}`);
  const unmatched = targets.find((entry) => !modules.some((module) => endsIn(module, entry)));
  if (unmatched !== undefined) throw noTarget(unmatched, modules, folder);
  const found = modules.filter(
    (module) =>
      targets.includes(module) || (targets.some((entry) => endsIn(module, entry)) && inLayers(module, settings)),
  );
  return requireSome(found, `${targets.join(', ')} in ${chosen}`, modules, folder);
}

/** The modules that were found; there must be at least one. */
function requireSome(found: string[], target: string, modules: readonly string[], folder: string): string[] {
  if (found.length === 0) throw noTarget(target, modules, folder);
  return found;
}

function noTarget(target: string, modules: readonly string[], folder: string): MarginError {
  const known = [...new Set(modules.map((module) => module.split('.').at(-1)))].join(', ');
  return new MarginError(
    'no-target-module',
    `lora_target_modules: "${target}" matches no linear layer of ${folder}; it has ${known}, and "all-linear" means all`,
  );
}

/**
 * Whether a module is in one of `layers_to_transform`. Its layer is the number after the first name of the path
 * (`model.layers.3.` → 3), or after one of the names in `layers_pattern`.
 */
function inLayers(module: string, { layersToTransform: layers, layersPattern: names }: LoraSettings): boolean {
  if (!layers || layers.length === 0) return true;
  const before = names && names.length > 0 ? `(?:^|.*?\\.)(?:${names.join('|')})` : '.*?\\.[^.]*';
  const number = matchPattern(`^${before}\\.(\\d+)\\.`, module)?.[1];
  return number !== undefined && layers.includes(Number(number));
}
