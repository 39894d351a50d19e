import { isRecord } from '../../base/pure/isRecord';
import { writtenPath } from '../query/parsePath';

/** The most levels of objects inside objects that are searched. */
const maxDepth = 3;
/** The most paths that are offered. */
const maxPaths = 200;

/** The keys of rows whose values fit into a cell (texts, numbers, lists of these), as columns such as `.meta.topic`. */
export function rowPaths(rows: readonly unknown[]): readonly string[] {
  const paths = new Set<string>();
  const visit = (value: unknown, keys: readonly string[]): void => {
    if (!isRecord(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === '' || paths.size >= maxPaths) continue;
      const here = [...keys, key];
      if (isRecord(inner)) {
        if (here.length < maxDepth) visit(inner, here);
      } else if (isShown(inner)) paths.add(writtenPath(here));
    }
  };
  for (const row of rows) visit(row, []);
  return [...paths];
}

function isShown(value: unknown): boolean {
  if (value === null) return false;
  return Array.isArray(value) ? value.every((item) => !isRecord(item) && !Array.isArray(item)) : true;
}
