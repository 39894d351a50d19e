/**
 * The name of a GGUF adapter by ggml's convention (`docs/gguf.md`): name, type of the numbers, kind of file.
 *
 * @example
 *   ggufFile('sample-step-000050'); // 'sample-step-000050-F32-LoRA.gguf'
 */
export function ggufFile(name: string): string {
  return `${name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')}-F32-LoRA.gguf`;
}
