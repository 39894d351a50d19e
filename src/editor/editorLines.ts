import type { DocumentChange } from '../jsonl/documentChange';
import type { SavedText } from '../jsonl/savedText';

/** The rows of an open file with its unsaved edits, as the parts of the pair editor read them. */
export interface EditorLines {
  /** Increases by one with each change. */
  readonly revision: number;
  readonly rowCount: number;
  /** Whether the file is still being read. */
  readonly isIndexing: boolean;
  /** How much of the file is read, from 0 to 1. */
  readonly readShare: number;
  /** The text that a save would write now; valid until the next change. */
  readonly saved: SavedText;
  /** Settles when all rows of the file are known. @throws MarginError if it cannot be read to its end */
  whenIndexed(): Promise<void>;
  /** @returns a function that removes the listener */
  onDidChange(listener: (change: DocumentChange) => void): () => void;
  /** The texts of rows `from … from + count - 1`. */
  lines(from: number, count: number): Promise<string[]>;
}
