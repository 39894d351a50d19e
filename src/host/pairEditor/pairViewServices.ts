import type * as vscode from 'vscode';
import type { DecodedFiles } from '../../jsonl/node/decode/decodedFiles';
import type { IndexStore } from '../../jsonl/node/indexStore';
import type { IndexThreads } from '../../jsonl/node/scan/indexThreads';
import type { PageSearch } from '../../jsonl/node/search/pageSearch';
import type { RowChanges } from '../../jsonl/node/bulk/rowChanges';
import type { ColumnStore } from '../../jsonl/node/columns/columnStore';
import type { PageColumns } from '../../jsonl/node/columns/pageColumns';
import type { ReadOnlyTexts } from '../readOnlyTexts';
import type { Notices } from '../notices';
import type { Readings } from '../reading/readings';
import type { LinesSaver } from '../saveAsLines';
import type { Reviewer } from '../review/reviewer';
import type { KnownSuspects } from '../suspects/knownSuspects';
import type { TokenConfigs } from '../tokens/tokenConfigs';
import type { TokenProcess } from '../tokens/tokenProcess';
import type { KeptColumns } from '../savedViews/keptColumns';
import type { RowChecker } from './pageWork';

/** What all pair editors share. */
export interface PairViewServices {
  readonly extension: vscode.Uri;
  readonly readings: Readings;
  readonly runFolders: () => Promise<readonly string[]>;
  readonly suspects: KnownSuspects;
  readonly notices: Notices;
  readonly rowChecker: RowChecker;
  readonly decoded: DecodedFiles;
  readonly saver: LinesSaver;
  readonly texts: ReadOnlyTexts;
  readonly pageSearch: PageSearch;
  readonly pageColumns: PageColumns;
  readonly rowChanges: RowChanges;
  /** The indexes of large files, for the next time that they are opened. */
  readonly indexes: IndexStore;
  /** The columns of large files, for the next time that they are opened. */
  readonly columnStore: ColumnStore;
  readonly reviewer: Reviewer;
  readonly indexThreads: IndexThreads;
  /** The folder in which windows tell each other what they have open. */
  readonly windows: string;
  readonly tokenConfigs: TokenConfigs;
  readonly tokenProcess: TokenProcess;
  readonly keptColumns: KeptColumns;
}
