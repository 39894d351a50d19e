const ending = '.marks.jsonl';

/**
 * The path of the marks file beside a data file. Files of the same name share it, because marks are about the content
 * of pairs: a converted file keeps its marks.
 *
 * @example marksName('data/prefs.jsonl.gz') → 'data/prefs.marks.jsonl'
 */
export function marksName(path: string): string {
  return dataStem(path) + ending;
}

/** The path of a data file without its endings. */
export function dataStem(path: string): string {
  return path.replace(/(?:\.(?:jsonl?|ndjson|csv|tsv|parquet))?(?:\.(?:gz|zst))?$/i, '');
}

/** Whether a path is that of a marks file, which holds no rows. */
export function isMarksName(path: string): boolean {
  return path.endsWith(ending);
}
