import { basename } from 'node:path';
import type { Source } from './source';

/** What a model is called outside of this machine: its name on the Hub where the path tells it, else its folder's or file's. */
export function baseLabel({ base }: Pick<Source, 'base'>): string {
  const cached = /models--([^\\/]+?)--([^\\/]+)/.exec(base);
  if (cached) return `${cached[1]}/${cached[2]}`;
  return /^[\w.-]+\/[\w.-]+$/.test(base) ? base : basename(base, '.gguf');
}

/** ggml's convention for names (`docs/gguf.md`): base, type of the numbers, kind of file. */
export function ggufFile(name: string): string {
  return `${name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')}-F32-LoRA.gguf`;
}
