import type { TurnSide } from '../pairs/turnEdits';

/** The turn on which a context menu was opened. VS Code passes it to the commands of the menu. */
export interface TurnPlace {
  readonly row: number;
  readonly side: TurnSide;
  /** From 0. */
  readonly turn: number;
  readonly role: string;
  /** Whether it is the first or the last turn of its side. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** Whether its row is a list of answers, which cannot be split. */
  readonly isList: boolean;
  readonly revision: number;
}
