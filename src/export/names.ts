/** ggml's convention for names (`docs/gguf.md`): base, type of the numbers, kind of file. */
export function ggufFile(name: string): string {
  return `${name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')}-F32-LoRA.gguf`;
}
