import { type FileNumber, isFileNumber } from '../../../src/pairs/fileNumber';
import type { PairsQuery } from '../../../src/protocol/runPanel';
import { pageSize } from '../../shared/pageCache';
import type { ColumnItem } from './columnMenu';
import { choicesIn, columnsOfFilter, defaultPairChoices, type PairChoices, usedColumns } from './pairChoices';
import type { PairsSource } from './pairsSource';

/** Which pairs are shown, and which of their numbers: a query has all columns of the dataset that something shows. */
export class ChosenPairs {
  /** The columns of the dataset with numbers. */
  offered: readonly FileNumber[] = [];
  private now: PairsQuery = {
    step: 0,
    before: null,
    beforeRun: null,
    sort: 'margin',
    descending: false,
    filter: '',
    histogram: 'margin',
    columns: [],
    from: 0,
    count: pageSize,
  };
  /** What was shown last without an error. */
  private drawn: { readonly query: PairsQuery; readonly choices: PairChoices } | null = null;

  constructor(private readonly source: Pick<PairsSource, 'choices' | 'choose'>) {}

  get query(): PairsQuery {
    return this.now;
  }

  /** The choices without columns that this dataset lacks. A filter may name a column that is rare. */
  get choices(): PairChoices {
    return choicesIn(this.source.choices(), [...this.offered, ...columnsOfFilter(this.now.filter)]);
  }

  /** Whether a column of some dataset is to be shown. */
  get needDataset(): boolean {
    return usedColumns(this.source.choices(), this.now).length > 0;
  }

  /** Changes what is shown next. */
  ask(part: Partial<PairsQuery>): PairsQuery {
    this.now = { ...this.now, ...part };
    const { choices, now } = this;
    this.now = { ...now, histogram: choices.histogram, columns: usedColumns(choices, now) };
    return this.now;
  }

  /** Keeps choices. @returns whether they need other numbers of pairs */
  remember(part: Partial<PairChoices>): boolean {
    const before = this.now;
    this.source.choose(part);
    const { histogram, columns } = this.ask({});
    const isSame = histogram === before.histogram && columns.join() === before.columns.join();
    if (isSame) this.now = before;
    return !isSame;
  }

  /** The choices after a column of the table was shown or hidden. */
  toggled({ name, isShown }: ColumnItem): Pick<PairChoices, 'hidden' | 'columns'> {
    const { hidden, columns } = this.choices;
    const rest = hidden.filter((one) => one !== name);
    const others = columns.filter((one) => one !== name);
    return {
      hidden: isShown ? [...rest, name] : rest,
      columns: isShown || !isFileNumber(name) ? others : [...others, name],
    };
  }

  /** Call this when a query is shown. */
  hasDrawn(query: PairsQuery): void {
    this.drawn = { query, choices: this.source.choices() };
  }

  /** Goes back to what was shown before the person stopped the reading of a column. */
  goBack(): void {
    const { sort, filter } = defaultQuery;
    const { query, choices } = this.drawn ?? { query: { ...this.now, sort, filter }, choices: defaultPairChoices };
    this.source.choose(choices);
    this.ask(query);
  }
}

const defaultQuery = { sort: 'margin', filter: '' } as const;
