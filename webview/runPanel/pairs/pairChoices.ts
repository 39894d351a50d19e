import { type FileNumber, fileNumberOf, isFileNumber, type ShownNumber } from '../../../src/pairs/fileNumber';
import { parseQuery } from '../../../src/pairs/query/parseQuery';
import { BadQuery } from '../../../src/pairs/query/queryError';
import { factsOf } from '../../../src/pairs/query/queryFacts';
import type { GroupedBy, PairsQuery, ScatterAxes } from '../../../src/protocol/runPanel';

/** What a person chose; it stays when the view is opened again. */
export interface PairChoices {
  readonly axes: ScatterAxes;
  readonly histogram: ShownNumber;
  readonly groups: GroupedBy;
  /** Columns of the dataset that the table has, also where no chart needs them. */
  readonly columns: readonly FileNumber[];
  /** Columns of the table that are not wanted. */
  readonly hidden: readonly ShownNumber[];
  readonly view: 'table' | 'movers';
}

export const defaultPairChoices: PairChoices = {
  axes: { x: 'lengthGap', y: 'margin', shade: null },
  histogram: 'margin',
  groups: 'dynamics',
  columns: [],
  hidden: [],
  view: 'table',
};

/** Choices that an older Margin has kept, too, which lack some. */
export function keptChoices(kept: Partial<PairChoices> | undefined): PairChoices {
  return { ...defaultPairChoices, ...kept, axes: { ...defaultPairChoices.axes, ...kept?.axes } };
}

/** Choices without the columns that another dataset had. */
export function choicesIn(choices: PairChoices, offered: readonly FileNumber[]): PairChoices {
  const isThere = (name: ShownNumber | null): boolean => name === null || !isFileNumber(name) || offered.includes(name);
  const { axes, histogram, groups, columns } = choices;
  const usual = defaultPairChoices;
  return {
    ...choices,
    axes: {
      x: isThere(axes.x) ? axes.x : usual.axes.x,
      y: isThere(axes.y) ? axes.y : usual.axes.y,
      shade: isThere(axes.shade) ? axes.shade : usual.axes.shade,
    },
    histogram: isThere(histogram) ? histogram : usual.histogram,
    groups: groups === 'dynamics' || isThere(groups) ? groups : usual.groups,
    columns: columns.filter(isThere),
  };
}

/** The columns of the dataset that a filter compares; none while it cannot be read. */
export function columnsOfFilter(filter: string): readonly FileNumber[] {
  try {
    return factsOf(parseQuery(filter)).values.map(fileNumberOf);
  } catch (error) {
    if (error instanceof BadQuery) return [];
    throw error;
  }
}

/** All columns of the dataset that choices and a query need, each once. */
export function usedColumns(
  { axes, histogram, groups, columns }: PairChoices,
  { sort, filter }: Pick<PairsQuery, 'sort' | 'filter'>,
): readonly FileNumber[] {
  const inCharts = [axes.x, axes.y, axes.shade, histogram, groups === 'dynamics' ? null : groups, sort];
  const named = inCharts.filter((name) => name !== null).filter(isFileNumber);
  return [...new Set([...columns, ...named, ...columnsOfFilter(filter)])];
}
