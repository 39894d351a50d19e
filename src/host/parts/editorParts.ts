import { availableParallelism } from 'node:os';
import * as vscode from 'vscode';
import { ColumnStore } from '../../jsonl/node/columns/columnStore';
import { ColumnsInThreads } from '../../jsonl/node/columns/pageColumns';
import { ChangesInThreads } from '../../jsonl/node/bulk/rowChanges';
import { DecodedFiles } from '../../jsonl/node/decode/decodedFiles';
import { IndexStore } from '../../jsonl/node/indexStore';
import { IndexThreads } from '../../jsonl/node/scan/indexThreads';
import { SearchInThread } from '../../jsonl/node/search/pageSearch';
import { CheckThreads } from '../pairEditor/node/checkThreads';
import { registerPairEditor } from '../pairEditor/register';
import type { PairEditorProvider } from '../pairEditor/provider';
import type { PairViewServices } from '../pairEditor/pairViewServices';
import type { Readings } from '../reading/readings';
import { Reviewer } from '../review/reviewer';
import { LinesSaver } from '../saveAsLines';
import type { KnownSuspects } from '../suspects/knownSuspects';
import { TokenConfigs } from '../tokens/tokenConfigs';
import { TokenProcess } from '../tokens/tokenProcess';
import { KeptColumns } from '../savedViews/keptColumns';
import type { Core } from './core';

/** Most threads that check rows: other programs need the other cores. */
const mostThreads = 2;
export const threads = Math.min(mostThreads, availableParallelism());

export interface EditorParts {
  readonly editor: PairEditorProvider;
  /** What the pair editor shares with other parts. */
  readonly shared: PairViewServices;
  readonly subscriptions: readonly vscode.Disposable[];
}

/** The pair editor, with the threads and the caches that its documents share. */
export function editorParts(core: Core, readings: Readings, suspects: KnownSuspects): EditorParts {
  const { context, notices, output, runs, texts } = core;
  const { extensionUri, globalState, globalStorageUri, workspaceState } = context;
  const script = (name: string): string => vscode.Uri.joinPath(extensionUri, 'dist', name).fsPath;
  const stored = (name: string): string => vscode.Uri.joinPath(globalStorageUri, name).fsPath;
  const warn = (message: string): void => output.warn(message);
  const runFolders = (): Promise<readonly string[]> => runs.outputDirs();
  const decoder = script('decodeThread.js');
  const pageSearch = new SearchInThread(script('searchThread.js'));
  const rowChecker = new CheckThreads(script('checkThread.js'), threads);
  const pageColumns = new ColumnsInThreads(script('columnThread.js'), threads);
  const rowChanges = new ChangesInThreads(script('bulkThread.js'), threads);
  const indexThreads = new IndexThreads(script('indexThread.js'), availableParallelism());
  const tokenConfigs = new TokenConfigs(extensionUri, workspaceState, runFolders);
  const tokenProcess = new TokenProcess(script('tokens.js'));
  const shared = {
    extension: extensionUri,
    runFolders,
    suspects,
    readings,
    notices,
    texts,
    rowChecker,
    decoded: new DecodedFiles(stored('decoded'), decoder),
    saver: new LinesSaver(decoder, notices),
    pageSearch,
    pageColumns,
    rowChanges,
    indexThreads,
    indexes: new IndexStore(stored('indexes'), warn),
    columnStore: new ColumnStore(stored('columns'), script('columnThread.js'), warn),
    reviewer: new Reviewer(globalState),
    windows: stored('windows'),
    tokenConfigs,
    tokenProcess,
    keptColumns: new KeptColumns(workspaceState),
  };
  const { editor, subscriptions } = registerPairEditor(shared);
  const closing = [rowChecker, pageSearch, pageColumns, rowChanges, indexThreads, tokenProcess];
  const closed = closing.map((one) => ({ dispose: () => one.close() }));
  return { editor, shared, subscriptions: [...subscriptions, ...closed, tokenConfigs] };
}
