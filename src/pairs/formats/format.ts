import type { JsonObject } from '../json';
import type { Pair } from '../pair';
import { type Problem, problem } from '../problem';

/** One format of a preference row (TRL, "Dataset formats and types"). */
export interface Format {
  /** Names the format in code and tests. */
  readonly id: string;
  /** The name shown to people. */
  readonly label: string;
  /** The tool or dataset that writes such rows, and the page that describes them. */
  readonly tool: string;
  readonly link: string;
  /** The keys that the format reads. For all other keys of a row, see `keyLists`. */
  readonly keys: readonly string[];
  /** Where its rows have tools, by key; under `tools` if left out and {@link keys} has it. */
  readonly toolsAt?: readonly string[];
  /** Whether its tool writes the list of tools as a JSON string. A row that has tools keeps its own way. */
  readonly toolsAsText?: boolean;
  /** The keys that it reads in one row, for formats whose keys people choose; {@link keys} if left out. */
  keysIn?(value: JsonObject): readonly string[];
  /** Other keys that the tool writes: metadata, which no model reads. */
  readonly about?: readonly string[];
  /** Whether a row has this format. */
  detect(value: JsonObject): boolean;
  /** Why a row that {@link detect} accepted is not a pair after all, for example because it is a tie. */
  refuse?(value: JsonObject): Problem | null;
  /** What a person should know about how a row is read; see {@link howRead}. It is reported once for the file. */
  notes?(value: JsonObject): readonly Problem[];
  /** The pair of a row that {@link detect} accepted. */
  read(value: JsonObject): Pair;
  /**
   * The row `value` with the texts of `pair`. All other keys and fields stay, in their order. `pair` has the turns of
   * `read(value)` with other contents.
   */
  write(value: JsonObject, pair: Pair): JsonObject;
  /**
   * Which answer of the row is the better one, for rows with two answers in an order of their own; left out if the keys
   * name the sides.
   */
  position?(value: JsonObject): 'first' | 'second' | null;
  /** The row `value` with its answers exchanged; undefined if its keys name the sides: see {@link swapSides}. */
  readonly swap?: (value: JsonObject) => JsonObject;
  /** A row of this format with empty texts. Its keys have the order of the row `neighbour`. */
  blank(neighbour: JsonObject): JsonObject;
}

/** What a person should know about how the rows of a format are read, for example which of two verdicts counts. */
export function howRead(field: string | null, message: string, severity: 'info' | 'warning' = 'info'): Problem {
  return problem(severity, 'how-read', field, message);
}

/** The entries of `fields`, in the order of `neighbour`'s keys; keys that it lacks come last. */
export function inOrderOf(neighbour: JsonObject, fields: JsonObject): JsonObject {
  const rank = new Map(Object.keys(neighbour).map((key, index) => [key, index]));
  const rankOf = (key: string): number => rank.get(key) ?? rank.size;
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => rankOf(a) - rankOf(b)));
}
