import * as vscode from 'vscode';
import { readPair } from '../../pairs/readPair';
import type { PairVerdict } from '../../pairs/suspects/suspectBook';
import type { RowReward } from '../../pairs/rowRewards';
import { newestRewards, type RewardSources, ViewRewards } from '../pairEditor/node/viewRewards';
import type { Readings } from '../reading/readings';

/** The newest rewards of the row on a line, and the verdicts on its labels. */
export interface LineReward {
  /** One for each pair of the row that is scored. */
  readonly rewards: readonly RowReward[];
  /** The run and step, or the scoring; null without rewards. */
  readonly label: string | null;
  /** Of a search for wrong labels. There is at least one verdict or reward. */
  readonly verdicts: readonly PairVerdict[];
}

/** The newest rewards of the lines of text documents. They are read when they are first asked for. */
export class LineRewards implements vscode.Disposable {
  private readonly known = new Map<string, Promise<ViewRewards>>();
  private readonly emitter = new vscode.EventEmitter<void>();
  readonly onDidChange = this.emitter.event;
  private readonly closing = vscode.workspace.onDidCloseTextDocument(({ uri }) => this.known.delete(uri.fsPath));

  constructor(
    private readonly readings: Readings,
    private readonly sources: RewardSources,
  ) {}

  /** Reads rewards again when they are next asked for: there may be newer ones. */
  forget(): void {
    this.known.clear();
    this.emitter.fire();
  }

  /** Null if the row on the line has no rewards. */
  async of(document: vscode.TextDocument, line: number): Promise<LineReward | null> {
    const { uri } = document;
    const rewards = await this.rewardsFor(uri.fsPath);
    const { rewards: choice } = rewards.overview;
    // The document may have become shorter meanwhile.
    if (!rewards.areLoaded || line >= document.lineCount) return null;
    const result = readPair(document.lineAt(line).text, this.readings.of(uri));
    const found = rewards.ofRow(result).filter((reward) => reward !== null);
    const verdicts = rewards.verdictsOn(result);
    return found.length + verdicts.length === 0 ? null : { rewards: found, label: choice && choice.label, verdicts };
  }

  dispose(): void {
    this.closing.dispose();
    this.emitter.dispose();
  }

  private rewardsFor(file: string): Promise<ViewRewards> {
    const known = this.known.get(file);
    if (known) return known;
    const rewards = new ViewRewards(file, this.sources);
    const loaded = rewards.load(newestRewards).then(() => rewards);
    this.known.set(file, loaded);
    return loaded;
  }
}
