import type { KeyType } from './keys/key';

/** What a form shows of a key whatever the file says. */
export interface FormKey {
  readonly name: string;
  readonly type: KeyType;
  readonly nullable: boolean;
  readonly required: boolean;
  /** Hover text of the key. */
  readonly text: string;
  /** Its values, as in "a number above 0". */
  readonly expects: string;
}

export interface FormSection {
  readonly id: string;
  readonly title: string;
  readonly keys: readonly FormKey[];
}

/** What the file says about a key. Values are JSON texts. */
export interface KeyState {
  /** As it is written in the file; null if the key is not given. */
  readonly json: string | null;
  /** The default under the file's `trainer`; null if the key is required. */
  readonly default: string | null;
  /** Whether the file gives another value than the default. */
  readonly differs: boolean;
  readonly problem: string | null;
}

/** A key of the file that Margin does not know or does not implement. It is kept. */
export interface UnknownKey {
  readonly name: string;
  readonly json: string;
  readonly problem: string;
}

/** A config as a form shows it. */
export interface ConfigForm {
  /** Why the text cannot be shown as a form, and where; null if it can. */
  readonly broken: { readonly message: string; readonly line: number; readonly column: number } | null;
  readonly keys: Readonly<Record<string, KeyState>>;
  readonly unknown: readonly UnknownKey[];
}
