import type { OutType } from '../model/gguf/writeModel';

/**
 * The name of a GGUF adapter by ggml's convention (`docs/gguf.md`): name, type of the numbers, kind of file.
 *
 * @example
 *   ggufFile('sample-step-000050'); // 'sample-step-000050-F32-LoRA.gguf'
 */
export const ggufFile = (name: string): string => `${fileName(name)}-F32-LoRA.gguf`;

/**
 * The name of a whole model by the same convention.
 *
 * @example
 *   ggufModelFile('sample-step-000050', 'q8_0'); // 'sample-step-000050-Q8_0.gguf'
 */
export const ggufModelFile = (name: string, outType: OutType): string =>
  `${fileName(name)}-${outType.toUpperCase()}.gguf`;

const fileName = (name: string): string => name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-');
