import { basename } from 'node:path';

/**
 * The name of a model that makes sense on other machines: its name on the Hub if the path contains it, otherwise the
 * name of its folder or file. `/data/models--org--name/snapshots/12fd` is `org/name`, `/data/llama.gguf` is `llama`.
 */
export function modelLabel(path: string): string {
  const cached = /models--([^\\/]+?)--([^\\/]+)/.exec(path);
  if (cached) return `${cached[1]}/${cached[2]}`;
  return /^[\w.-]+\/[\w.-]+$/.test(path) ? path : basename(path, '.gguf');
}
