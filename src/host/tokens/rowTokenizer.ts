import { basename } from 'node:path';
import * as vscode from 'vscode';
import { errorCode, errorMessage, MarginError } from '../../base/pure/marginError';
import { at, must } from '../../base/pure/must';
import type { RowTokens } from '../../pairs/tokens/rowTokens';
import type { Reading } from '../../pairs/reading';
import type { TokenState } from '../../protocol/tokens';
import type { ChosenConfig, TokenConfigs } from './tokenConfigs';
import type { TokenProcess } from './tokenProcess';
import { watchModel } from './watchModel';

/**
 * The most rows of one question, and the most characters in them, so that a question of the view does not wait long.
 */
const [mostRows, mostCharacters] = [64, 1 << 16];
/** Rows whose tokens are kept by their text. */
const mostKept = 200_000;

/** Tokenises the rows of one dataset as the trainer of the chosen config does. */
export class RowTokenizer {
  private chosen: Promise<ChosenConfig | null> | null = null;
  /** By text, under the present config. */
  private kept = new Map<string, RowTokens>();
  private readonly subscription: vscode.Disposable;
  private watched: { readonly model: string; readonly watch: vscode.Disposable } | null = null;

  /** @param changed called when the tokens of rows may be other ones, because of another config */
  constructor(
    private readonly dataset: string,
    private readonly reading: () => Reading,
    private readonly configs: TokenConfigs,
    private readonly process: TokenProcess,
    private readonly changed: () => void,
  ) {
    this.subscription = configs.onDidChange(() => this.forget());
  }

  /** Forgets the config and the tokens of all rows. */
  forget(): void {
    this.chosen = null;
    this.kept = new Map();
    this.changed();
  }

  /** Forgets the tokens of rows if they depend on marks, which have changed. */
  async marksChanged(): Promise<void> {
    // Without a config that can be read, no row has tokens to forget.
    const chosen = await this.config().catch(() => null);
    if (chosen?.config.use_marks) this.forget();
  }

  choose(): Promise<void> {
    return this.configs.choose(this.dataset);
  }

  /** What the view shows of a row. It throws nothing: an error of the model is a state. */
  async state(text: string, pair: number): Promise<TokenState> {
    if (!vscode.workspace.isTrusted) return { kind: 'untrusted' };
    let config = { label: '', model: '' };
    try {
      config = { label: await this.configs.labelOf(this.dataset), model: '' };
      const chosen = await this.config();
      if (!chosen) return { kind: 'none' };
      config = { label: chosen.label, model: chosen.model };
      this.follow(chosen.config.model_name_or_path);
      const row = await this.process.row(chosen.config, text, pair);
      return row ? { kind: 'row', config, row } : { kind: 'blank', config };
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      return { kind: 'failed', config, message: errorMessage(error) };
    }
  }

  /**
   * Whether the trainer cuts or leaves out the first of some rows.
   *
   * @returns as many as one question may have, at least one
   * @throws MarginError `untrusted`, `no-token-config`, those of the config and of its model
   */
  async rows(texts: readonly string[]): Promise<readonly RowTokens[]> {
    const chosen = await this.config();
    const name = basename(this.dataset);
    if (!vscode.workspace.isTrusted)
      throw new MarginError(
        'untrusted',
        `The tokens of ${name} need a model of the workspace, which is not trusted yet.`,
      );
    if (!chosen)
      throw new MarginError('no-token-config', `No train config is chosen for ${name}: show Tokens, and choose one.`);
    this.follow(chosen.config.model_name_or_path);
    const { kept } = this;
    let [count, characters] = [0, 0];
    while (count < texts.length && count < mostRows && (count === 0 || characters < mostCharacters))
      characters += at(texts, count++).length;
    const asked = texts.slice(0, count);
    const missing = [...new Set(asked.filter((text) => !kept.has(text)))];
    const found = missing.length === 0 ? [] : await this.process.rows(chosen.config, missing);
    for (const [i, text] of missing.entries()) kept.set(text, at(found, i));
    const tokens = asked.map((text) => must(kept.get(text), 'the tokens of a row'));
    if (kept.size > mostKept) kept.clear();
    return tokens;
  }

  /** Whether the workspace is trusted, and a config is known that can be read. */
  async isReady(): Promise<boolean> {
    return vscode.workspace.isTrusted && (await this.config().catch(() => null)) !== null;
  }

  dispose(): void {
    this.subscription.dispose();
    this.watched?.watch.dispose();
  }

  /** Follows the files of a model, which may get another tokenizer or chat template. */
  private follow(model: string): void {
    if (this.watched?.model === model) return;
    this.watched?.watch.dispose();
    this.watched = { model, watch: watchModel(model, () => this.forget()) };
  }

  private config(): Promise<ChosenConfig | null> {
    const { chosen } = this;
    if (chosen) return chosen;
    const asked = this.configs.of(this.dataset, this.reading());
    this.chosen = asked;
    asked.catch(() => this.chosen === asked && (this.chosen = null));
    return asked;
  }
}
