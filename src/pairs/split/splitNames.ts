/** The names of the files that a split writes. */
export interface SplitNames {
  readonly train: string;
  readonly eval: string;
  readonly proof: string;
}

/** The ending of a proof's name. */
export const proofEnding = '.split.json';

/**
 * The files that the split of a file writes if nothing else is said, in the same folder: `prefs.train.jsonl`,
 * `prefs.eval.jsonl`, `prefs.split.json`. The rows of packed files and Parquet become JSON Lines.
 *
 * @param path of the file to split, or its name
 */
export function splitNames(path: string): SplitNames {
  const [, stem = path, kind = '.jsonl', packed = ''] =
    /^(.*?)(\.(?:jsonl?|ndjson|csv|tsv|parquet))?(\.(?:gz|zst))?$/i.exec(path) ?? [];
  const ending = packed !== '' || kind.toLowerCase() === '.parquet' ? '.jsonl' : kind;
  return { train: `${stem}.train${ending}`, eval: `${stem}.eval${ending}`, proof: stem + proofEnding };
}
