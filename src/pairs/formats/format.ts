import type { JsonObject } from '../json';
import type { Pair } from '../pair';

/** One shape of a preference row. */
export interface Format {
  readonly id: string;
  /** The name shown to people. */
  readonly label: string;
  /** The tool or data set that writes such rows, and the page that describes them. */
  readonly tool: string;
  readonly link: string;
  /** The keys it reads. What else a row holds is judged by `keyLists`. */
  readonly keys: readonly string[];
  detect(value: JsonObject): boolean;
  /** Why a row that {@link detect} accepted holds no pair all the same, as a sentence: a tie. */
  refuse?(value: JsonObject): string | null;
  /** The pair of a row that {@link detect} accepted. */
  read(value: JsonObject): Pair;
  /**
   * `value` with the texts of `pair`, in the same shape: every key and field the pair does not speak of stays, in its
   * place. `pair` has the turns that `read(value)` gave, with other contents.
   */
  write(value: JsonObject, pair: Pair): JsonObject;
  /** `value` with its answers exchanged; undefined: its keys name the sides, and {@link swapSides} exchanges them. */
  readonly swap?: (value: JsonObject) => JsonObject;
  /** A row of this shape with empty texts, its keys in the order `neighbour` has them. */
  blank(neighbour: JsonObject): JsonObject;
}

/** The entries of `fields` in the order of `neighbour`'s keys. */
export function inOrderOf(neighbour: JsonObject, fields: JsonObject): JsonObject {
  const rank = new Map(Object.keys(neighbour).map((key, index) => [key, index]));
  const place = (key: string): number => rank.get(key) ?? rank.size;
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => place(a) - place(b)));
}
