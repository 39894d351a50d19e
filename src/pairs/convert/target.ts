import type { JsonObject } from '../json';
import type { PairOrJudged } from '../readPair';
import type { ConversionLoss } from './loss';

/** Where a row holds its prompt: in a key of its own, or at the start of both answers (TRL, "Dataset formats"). */
export type PromptPlace = 'explicit' | 'implicit';

/** What a person may choose for a target. */
export interface ConvertOptions {
  readonly prompt: PromptPlace;
  /** Null keeps chats as chats, and plain texts and transcripts as texts. */
  readonly style: 'chat' | 'plain' | null;
}

/** The rows of a target that one row became, and the losses. No rows: the row is left out. */
export interface Written {
  readonly rows: readonly JsonObject[];
  readonly losses: readonly ConversionLoss[];
}

export type TargetId = 'trl' | 'kto' | 'openai' | 'llama-factory' | 'axolotl' | 'ms-swift' | 'csv' | 'parquet';

/** The kind of file that a target's rows go to. */
export type TargetFile = 'jsonl' | 'csv' | 'parquet';

/** A shape of rows that {@link convertRow} writes. */
export interface Target {
  /** The value of `--to`. */
  readonly id: TargetId;
  /** The name shown to people. */
  readonly label: string;
  readonly file: TargetFile;
  /** What the rows are for, as a phrase. */
  readonly purpose: string;
  readonly tool: string;
  /** The page that describes the shape. */
  readonly link: string;
  /** The options that change its rows. */
  readonly options: readonly (keyof ConvertOptions)[];
  /** Whether its tool accepts columns that it does not read. If not, other columns of the old row are not carried. */
  readonly extraColumns: boolean;
  /** Ids of the formats as which Margin reads the rows. */
  readonly reads: readonly string[];
  write(row: PairOrJudged, options: ConvertOptions): Written;
  /**
   * What the tool needs in addition to the file, to show to a person.
   *
   * @param file the name of the file, without its folder
   * @param keys the keys of its rows
   */
  setup?(file: string, keys: ReadonlySet<string>): string;
}
