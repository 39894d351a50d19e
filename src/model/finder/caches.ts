import { join } from 'node:path';
import { hubCacheFolder } from '../../base/node/hubCacheFolder';

/** The programs whose downloaded models are looked for. */
export type CacheName = 'Hugging Face' | 'LM Studio' | 'Ollama' | 'llama.cpp';

/** A folder in which a program keeps models. */
export interface ModelCache {
  readonly name: CacheName;
  readonly folder: string;
}

export interface CacheSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
}

/**
 * Where programs keep their models: the folders that their variables name, else their defaults. A program that is not
 * installed has no such folder.
 *
 * Sources: huggingface_hub `constants.py`; Ollama's FAQ ("Where are models stored?"); LM Studio's documentation of its
 * models folder; llama.cpp `fs_get_cache_directory`.
 */
export function modelCaches({ env, home, platform }: CacheSurroundings): readonly ModelCache[] {
  const userCache = env.XDG_CACHE_HOME || join(home, '.cache');
  const folders: readonly [CacheName, readonly string[]][] = [
    ['Hugging Face', [hubCacheFolder(env, home)]],
    ['LM Studio', [join(home, '.lmstudio', 'models'), join(home, '.cache', 'lm-studio', 'models')]],
    ['Ollama', env.OLLAMA_MODELS ? [env.OLLAMA_MODELS] : ollamaFolders(home, platform)],
    ['llama.cpp', [env.LLAMA_CACHE || llamaFolder(env, home, userCache, platform)]],
  ];
  return folders.flatMap(([name, own]) => own.map((folder) => ({ name, folder })));
}

/** On Linux, Ollama's installer makes a service with a home of its own. */
function ollamaFolders(home: string, platform: NodeJS.Platform): readonly string[] {
  const own = join(home, '.ollama', 'models');
  return platform === 'linux' ? [own, '/usr/share/ollama/.ollama/models'] : [own];
}

function llamaFolder(
  env: CacheSurroundings['env'],
  home: string,
  userCache: string,
  platform: NodeJS.Platform,
): string {
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'llama.cpp');
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'llama.cpp');
  return join(userCache, 'llama.cpp');
}
