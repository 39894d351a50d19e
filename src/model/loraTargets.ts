import { TimeLimit } from '../base/node/timeLimit';
import { errorMessage, MarginError } from '../base/pure/marginError';
import type { Checkpoint, LoraSettings } from './types';

/** Paths of modules have some 60 characters: a pattern needs microseconds, or does not end. */
const matchMs = 1000;

/**
 * Matches a pattern of a config, which may be a stranger's, with a module's path.
 *
 * @throws MarginError `bad-adapter` where the pattern is no regular expression, or does not come to an end
 */
export function match(source: string, module: string): RegExpExecArray | null {
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
    throw new MarginError('bad-adapter', `"${source}" is no pattern for modules: ${errorMessage(error)}`);
  }
}

/**
 * The modules PEFT would put LoRA on (peft `tuners/tuners_utils.py`, check_target_module_exists): a text is a regular
 * expression for whole paths; an entry of a list is a whole path, or its end after a dot and then in the chosen layers
 * only. Beyond PEFT, "all-linear" goes with a choice of layers too, for it is saved as names.
 *
 * @throws MarginError `no-target-module` naming what matches nothing
 */
export function resolveTargets({ model, folder }: Checkpoint, settings: LoraSettings): string[] {
  const modules = [...model.linears.keys()];
  const targets = settings.targets ?? model.loraTargets;
  const chosen = `the layers ${String(settings.layersToTransform)}`;
  if (targets === 'all-linear')
    return some(
      modules.filter((module) => inLayers(module, settings)),
      chosen,
      modules,
      folder,
    );
  if (typeof targets === 'string') {
    // PEFT refuses the two together as well: the pattern can name layers itself.
    if (settings.layersToTransform)
      throw new MarginError(
        'no-target-module',
        `layers_to_transform needs lora_target_modules to be names or "all-linear", not the pattern "${targets}"`,
      );
    return some(
      modules.filter((module) => match(`^(?:${targets})$`, module)),
      targets,
      modules,
      folder,
    );
  }
  const endsIn = (module: string, entry: string): boolean => module === entry || module.endsWith(`.${entry}`);
  const useless = targets.find((entry) => !modules.some((module) => endsIn(module, entry)));
  if (useless !== undefined) some([], useless, modules, folder);
  const found = modules.filter(
    (module) =>
      targets.includes(module) || (targets.some((entry) => endsIn(module, entry)) && inLayers(module, settings)),
  );
  return some(found, `${targets.join(', ')} in ${chosen}`, modules, folder);
}

function some(found: string[], asked: string, modules: readonly string[], folder: string): string[] {
  if (found.length > 0) return found;
  const known = [...new Set(modules.map((module) => module.split('.').at(-1)))].join(', ');
  throw new MarginError(
    'no-target-module',
    `lora_target_modules: "${asked}" is no linear layer of ${folder}; there are ${known}, or "all-linear"`,
  );
}

/** The number behind the first dotted name, or behind one of `layersPattern`. */
function inLayers(module: string, { layersToTransform: layers, layersPattern: names }: LoraSettings): boolean {
  if (!layers || layers.length === 0) return true;
  const before = names && names.length > 0 ? `(?:^|.*?\\.)(?:${names.join('|')})` : '.*?\\.[^.]*';
  const number = match(`^${before}\\.(\\d+)\\.`, module)?.[1];
  return number !== undefined && layers.includes(Number(number));
}
