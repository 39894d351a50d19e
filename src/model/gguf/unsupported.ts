import { MarginError } from '../../base/pure/marginError';

/** The error for something that llama.cpp cannot load, or computes in another way. */
export function unsupportedGguf(where: string, what: string): MarginError {
  return new MarginError(
    'unsupported-gguf',
    `${where}: ${what}, so it cannot be written as GGUF. Export it with --format merged.`,
    { where },
  );
}
