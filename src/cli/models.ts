import { homedir } from 'node:os';
import { freeMemory } from '../base/node/freeMemory';
import { modelCaches } from '../model/finder/caches';
import { findModels } from '../model/finder/findModels';
import type { Fit } from '../train/estimate/fitOf';
import { type ListedModels, listedModels } from '../train/estimate/listedModels';
import { flag, parseArguments, UsageError } from './args';
import type { Command } from './command';
import { table } from './table';

const fitTexts: Readonly<Record<Fit, string>> = { all: 'all weights, LoRA', lora: 'LoRA', none: 'no' };

export const models: Command = {
  summary: 'list the models on this machine that other programs have downloaded',
  help: `margin models

Lists the models in the caches of Hugging Face (HF_HUB_CACHE, HF_HOME), LM Studio, Ollama (OLLAMA_MODELS) and llama.cpp
(LLAMA_CACHE): what each is, whether Margin can train it and why not, and what of it fits in the free memory by the size
of its weights alone. \`margin train CONFIG --dry_run\` measures what a run needs. Only headers are read.

  --json  Prints one object: models, problems, free (bytes of memory).

Exit code: 0 success; 2 wrong usage.`,

  async run(argv, { output }) {
    const args = parseArguments(argv, { help: 'flag', json: 'flag' });
    const [extra] = args.positionals;
    if (extra !== undefined) throw new UsageError(`unexpected argument ${extra}`);
    const listed = await listModels();
    if (flag(args, 'json')) output.json(listed);
    else if (listed.models.length === 0) output.line('No models in the caches of other programs.');
    else
      output.line(
        table(
          ['program', 'model', 'type', 'GB', 'fits', 'model_name_or_path, or why not'],
          listed.models.map(({ cache, name, architecture, bytes, fit, why, path }) => [
            cache,
            name,
            architecture ?? '',
            bytes === null ? '' : (bytes / 1e9).toFixed(2),
            fit === null ? '' : fitTexts[fit],
            why ?? path,
          ]),
        ),
      );
    if (!flag(args, 'json')) for (const problem of listed.problems) output.say(problem);
    return 0;
  },
};

async function listModels(): Promise<ListedModels> {
  const caches = modelCaches({ env: process.env, home: homedir(), platform: process.platform });
  const [found, free] = await Promise.all([findModels(caches), freeMemory()]);
  return listedModels(found, free);
}
