import type { FormKey, KeyState } from '../../../src/run/formTypes';

/** The part of a field that a person types into or clicks. */
export interface Control {
  readonly element: HTMLElement;
  /** Shows the value of the file. A text that a person is typing stays. */
  show(state: KeyState): void;
  /** Tells screen readers whether the value has a problem. */
  mark(isInvalid: boolean): void;
  focus(): void;
}

export interface ControlOptions {
  /** The id of the element that the label names. */
  readonly id: string;
  readonly key: FormKey;
  /** The ids of help and problem. */
  readonly describedBy: string;
  /** The id of the label, for groups. */
  readonly labelledBy: string;
  /** @param json null leaves the key out of the file */
  readonly changed: (json: string | null) => void;
  /** Shows why a typed text is not a value; null takes that back. */
  readonly mistaken: (mistake: string | null) => void;
}

/** The value that applies: the file's, or the default. */
export const appliedJson = ({ json, default: usual }: KeyState): string => json ?? usual ?? 'null';
