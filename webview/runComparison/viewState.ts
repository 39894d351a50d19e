import type { RunRow } from '../../src/protocol/runComparison';

export const tabs = ['curves', 'config', 'pairs', 'rewards', 'samples'] as const;
export type Tab = (typeof tabs)[number];

/** What the horizontal axis counts. */
export const axes = ['step', 'pairs', 'tokens', 'time'] as const;
export type XAxis = (typeof axes)[number];

/** A run that is shown. Its slot chooses colour and dash, so that they stay when other runs come and go. */
export interface Shown {
  readonly folder: string;
  readonly slot: number;
}

/** What VS Code keeps for the view while it is hidden. */
export interface ViewState {
  /** Null: nobody has chosen yet. */
  readonly shown: readonly Shown[] | null;
  /** The id of a column; null: newest first. */
  readonly sort: string | null;
  readonly descending: boolean;
  readonly filter: string;
  readonly tab: Tab;
  readonly x: XAxis;
  readonly smoothing: number;
  readonly logY: boolean;
  /** The two runs that are held against each other; null: the baseline or first shown run, and the next one. */
  readonly first: string | null;
  readonly second: string | null;
}

export const startState: ViewState = {
  shown: null,
  sort: null,
  descending: false,
  filter: '',
  tab: 'curves',
  x: 'step',
  smoothing: 0.6,
  logY: false,
  first: null,
  second: null,
};

/** Runs that are shown at first. */
const fewRuns = 5;

/** The runs to show: those that a person or a command chose and that still exist; before, the newest readable ones. */
export function shownRuns(chosen: readonly Shown[] | null, runs: readonly RunRow[]): readonly Shown[] {
  const readable = runs.filter(({ problem }) => problem === null);
  if (chosen === null) return readable.slice(0, fewRuns).map(({ folder }, slot) => ({ folder, slot }));
  return chosen.filter(({ folder }) => readable.some((run) => run.folder === folder));
}

/** Shows or hides runs. A new one gets the first free slot. */
export function toggled(shown: readonly Shown[], folders: readonly string[], isShown: boolean): readonly Shown[] {
  const others = shown.filter(({ folder }) => !folders.includes(folder));
  if (!isShown) return others;
  return folders.reduce<readonly Shown[]>((all, folder) => {
    const known = shown.find((one) => one.folder === folder);
    return [...all, known ?? { folder, slot: freeSlot([...shown, ...all]) }];
  }, others);
}

function freeSlot(shown: readonly Shown[]): number {
  const taken = new Set(shown.map(({ slot }) => slot));
  let slot = 0;
  while (taken.has(slot)) slot++;
  return slot;
}

/**
 * The two runs to hold against each other: what a person chose, else the baseline or the first shown run, and the next.
 *
 * @returns null if there are no two
 */
export function twoRuns(
  { first, second }: Pick<ViewState, 'first' | 'second'>,
  runs: readonly RunRow[],
  shown: readonly Shown[],
): { readonly first: string; readonly second: string } | null {
  const readable = runs.filter(({ problem }) => problem === null);
  const exists = (folder: string | null): folder is string => readable.some((run) => run.folder === folder);
  const order = [...shown.map(({ folder }) => folder), ...readable.map(({ folder }) => folder)];
  const baseline = readable.find((run) => run.baseline)?.folder;
  const a = exists(first) ? first : (baseline ?? order.find((folder) => folder !== second));
  const b = exists(second) && second !== a ? second : order.find((folder) => folder !== a);
  return a === undefined || b === undefined ? null : { first: a, second: b };
}
