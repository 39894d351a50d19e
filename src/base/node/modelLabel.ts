import { basename } from 'node:path';

/**
 * What a model is called outside of this machine: its name on the Hub where the path tells it, else its folder's or
 * file's.
 */
export function modelLabel(path: string): string {
  const cached = /models--([^\\/]+?)--([^\\/]+)/.exec(path);
  if (cached) return `${cached[1]}/${cached[2]}`;
  return /^[\w.-]+\/[\w.-]+$/.test(path) ? path : basename(path, '.gguf');
}
