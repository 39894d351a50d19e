import type {
  DatasetColumns,
  GroupedBy,
  PairGroup,
  PairsPage,
  PairsQuery,
  RewardRow,
  Scatter,
  ScatterAxes,
  ScoredRun,
} from '../../../src/protocol/runPanel';
import type { MovedPair } from './movers';
import type { PairChoices } from './pairChoices';
import type { TrendLines } from './trendShape';

/** Where the views of pairs get what they show, and what they can do with a pair. */
export interface PairsSource {
  pairs(query: PairsQuery): Promise<PairsPage>;
  locate(query: PairsQuery, key: string): Promise<number | null>;
  scatter(query: PairsQuery, axes: ScatterAxes): Promise<Scatter>;
  trend(key: string): Promise<TrendLines>;
  movers(query: PairsQuery): Promise<readonly MovedPair[]>;
  groups(query: PairsQuery, by: GroupedBy): Promise<readonly PairGroup[]>;
  /** The columns of the dataset with numbers. */
  datasetColumns(): Promise<DatasetColumns>;
  /** Other runs that the shown one can be compared with. */
  others(): Promise<readonly ScoredRun[]>;
  open(row: RewardRow): void;
  /** Shows the rewards of the pair's tokens. */
  tokens(row: RewardRow, step: number): void;
  /** Finds the labels of the dataset that are probably wrong. */
  suspects(): void;
  /** Opens the dataset with the filter and the rewards of a query. */
  showInEditor(query: PairsQuery): void;
  /** Saves the pairs of a query as CSV. */
  save(query: PairsQuery): void;
  announce(text: string): void;
  /** Shows why rewards did not arrive. */
  readonly failed: (error: unknown) => void;
  score(): void;
  choices(): PairChoices;
  choose(part: Partial<PairChoices>): void;
}
