/** The names that llama.cpp gives to the parts of a split model (`llama_split_path`): two numbers of five digits. */
const partName = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/s;

/** A part of a split .gguf model. */
export interface SplitGguf {
  /**
   * The number of the named part (from 1) and the number of parts, as the name says. A wrong name may have a number
   * above the number of parts.
   */
  readonly number: number;
  readonly count: number;
  /** Paths of all parts. */
  readonly parts: readonly string[];
}

/**
 * The parts of a split .gguf model, from the path of any part; no file is read.
 *
 * `m-00001-of-00002.gguf` has the parts `m-00001-of-00002.gguf` and `m-00002-of-00002.gguf`.
 *
 * @returns null if the name is not that of a part
 */
export function splitGguf(file: string): SplitGguf | null {
  const [, stem, number, count] = partName.exec(file) ?? [];
  if (stem === undefined || number === undefined || count === undefined) return null;
  const parts = Array.from(
    { length: Number(count) },
    (_, i) => `${stem}-${String(i + 1).padStart(5, '0')}-of-${count}.gguf`,
  );
  return { number: Number(number), count: Number(count), parts };
}
