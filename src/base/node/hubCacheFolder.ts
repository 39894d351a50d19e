import { join } from 'node:path';

/**
 * The folder in which Hugging Face's programs keep what they download, as `huggingface_hub` finds it (`constants.py`):
 * `HF_HUB_CACHE`, else `hub` in `HF_HOME`, else `hub` in `huggingface` of the user's cache.
 */
export function hubCacheFolder(env: Readonly<Record<string, string | undefined>>, home: string): string {
  return env['HF_HUB_CACHE'] || join(hubHome(env, home), 'hub');
}

/** The folder of Hugging Face's programs, in which the file `token` is. */
export function hubHome(env: Readonly<Record<string, string | undefined>>, home: string): string {
  return env['HF_HOME'] || join(env['XDG_CACHE_HOME'] || join(home, '.cache'), 'huggingface');
}
