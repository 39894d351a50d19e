import { join } from 'node:path';
import { statOrNull } from '../../base/node/statOrNull';
import { cacheFolder } from '../../base/node/cacheFolder';
import { errorCode } from '../../base/pure/marginError';
import { at } from '../../base/pure/must';
import { valueOf } from '../../base/pure/outcome';
import { openCheckpoint } from '../../model/checkpoint';
import { locateModel } from '../../model/locate';
import { openTokenizer, type TextTokenizer } from '../../model/tokenizer';
import { marksName } from '../../pairs/marks/marksName';
import { readPair } from '../../pairs/readPair';
import type { RowTokens } from '../../pairs/tokens/rowTokens';
import type { TokenRow } from '../../pairs/tokens/tokenRow';
import { type Fate, type FateOptions, fatesOf, rowTokens } from '../../reward/rowFate';
import { RowMarks } from '../../reward/rowMarks';
import { readingOf } from '../../run/reading';
import type { TrainConfig } from '../../run/types';
import { heldOut } from '../heldOut';
import { maxRowTokens } from '../loadRows';
import { hasPairs, tokenEnds } from '../trainers';
import { ModelFiles } from './modelFiles';
import { tokenRow } from './tokenRow';

/** Rows as the trainer of a config sees them. */
export class TrainerEyes {
  private marks: RowMarks | null = null;
  private marksStamp = '';

  private constructor(
    private readonly config: TrainConfig,
    readonly tokenizer: TextTokenizer,
    /** Tokens of prompt and answer. */
    readonly maxLength: number,
    private readonly files: ModelFiles,
  ) {}

  /**
   * Opens the tokenizer of a config's model. (Like a run, it converts a GGUF model in the cache, once.)
   *
   * @param config its `train_file` is the file of the rows
   * @throws MarginError those of finding and opening a model and its tokenizer
   */
  static async open(config: TrainConfig): Promise<TrainerEyes> {
    const { model_name_or_path: path } = config;
    const { folder } = await locateModel(path, join(cacheFolder(), 'models'));
    // Looked at before they are read: a change during the reading is found later.
    const files = await ModelFiles.of([path, folder]);
    const checkpoint = await openCheckpoint(folder);
    const tokenizer = await openTokenizer(folder, checkpoint.model.vocabSize);
    return new TrainerEyes(config, tokenizer, maxRowTokens(config, checkpoint), files);
  }

  /** Whether the files of the tokenizer and the model's config are as they were when they were read. */
  isCurrent(): Promise<boolean> {
    return this.files.areSame();
  }

  /**
   * What the trainer does with each row.
   *
   * @param texts lines of JSON
   * @throws MarginError as {@link fatesOf} and reading marks
   */
  async rowTokens(texts: readonly string[]): Promise<RowTokens[]> {
    const options = await this.options();
    const { tokenizer } = this;
    // One clock for all: starting it takes as long as tokenising a short row.
    const outcomes = tokenizer.limit.each(texts, (text) => rowTokens(this.fatesWith(text, options)));
    return outcomes.map((outcome): RowTokens => {
      if ('error' in outcome && errorCode(outcome.error) === 'slow-tokenizer')
        return { length: null, lost: 0, dropped: 'refused' };
      return valueOf(outcome);
    });
  }

  /**
   * One row with its tokens.
   *
   * @param pair which pair of a list, from 0
   * @returns null for a blank line
   */
  async tokenRow(text: string, pair: number): Promise<TokenRow | null> {
    const fates = await this.fates(text);
    if (fates.length === 0) return null;
    const index = Math.min(pair, fates.length - 1);
    const fate = at(fates, index);
    const place = { pair: index, pairs: fates.length, maxLength: this.maxLength, heldBy: this.heldBy(fate) };
    return tokenRow(fate, this.tokenizer, place);
  }

  /** The part of the prompts that the run holds out, if the prompt is in it. A row that is unusable is on no side. */
  private heldBy(fate: Fate): number | null {
    const { test_split_size: part, seed } = this.config;
    return fate.kind !== 'dropped' && heldOut(part, seed)(fate.source.prompt) ? part : null;
  }

  /** What the trainer makes of each pair of a row. @throws MarginError as {@link rowTokens} */
  async fates(text: string): Promise<readonly Fate[]> {
    return this.fatesWith(text, await this.options());
  }

  private fatesWith(text: string, options: FateOptions): readonly Fate[] {
    return fatesOf(readPair(text, readingOf(this.config)), this.tokenizer, options);
  }

  private async options(): Promise<FateOptions> {
    const { config, maxLength } = this;
    const marks = config.use_marks ? await this.currentMarks() : null;
    return { maxLength, ends: tokenEnds(config), judged: !hasPairs(config), marks };
  }

  /** Reads the marks again only if their file has changed. */
  private async currentMarks(): Promise<RowMarks> {
    const { train_file: file } = this.config;
    const found = await statOrNull(marksName(file));
    const stamp = found ? `${found.size} ${found.mtimeMs}` : 'none';
    if (this.marks === null || stamp !== this.marksStamp) {
      this.marks = await RowMarks.open(file);
      this.marksStamp = stamp;
    }
    return this.marks;
  }
}
