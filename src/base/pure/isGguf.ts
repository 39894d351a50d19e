/** Ollama keeps models as blobs that are named by their hash; their manifests say which are models. */
const ollamaBlob = /(?:^|[\\/])blobs[\\/]sha256-[0-9a-f]{64}$/;

/** Whether a path names a GGUF file: one that ends in `.gguf`, or a blob of Ollama, which has no ending. */
export function isGguf(path: string): boolean {
  return path.endsWith('.gguf') || ollamaBlob.test(path);
}
