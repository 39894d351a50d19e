/** How llama.cpp names the parts of a split model (`llama_split_path`): five digits each, counted from 1. */
const partName = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/s;

export interface SplitGguf {
  /** The part that was named, and how many there are, as the name says: not always one of those. */
  readonly number: number;
  readonly count: number;
  /** Names of all parts, beside the one that was named. */
  readonly parts: readonly string[];
}

/** The parts of a split .gguf model, whichever was named, by names alone; null: it is not named as one. */
export function splitGguf(file: string): SplitGguf | null {
  const [, stem, number, count] = partName.exec(file) ?? [];
  if (stem === undefined || number === undefined || count === undefined) return null;
  const parts = Array.from(
    { length: Number(count) },
    (_, i) => `${stem}-${String(i + 1).padStart(5, '0')}-of-${count}.gguf`,
  );
  return { number: Number(number), count: Number(count), parts };
}
