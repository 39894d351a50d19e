import { MarginError } from '../../base/pure/marginError';
import type { RowTokens } from '../../pairs/tokens/rowTokens';
import type { TokenRow } from '../../pairs/tokens/tokenRow';
import type { TrainConfig } from '../../run/types';
import type { TokenFound, TokenQuestion } from '../../train/tokens/messages';
import { AnsweringProcess } from '../answeringProcess';

const idleMs = 120_000;

/** The process that tokenises rows, so that no template and no tokenizer of a model runs in the extension host. */
export class TokenProcess {
  private readonly process: AnsweringProcess<TokenQuestion, TokenFound>;

  /** @param script the bundle that the process runs */
  constructor(script: string) {
    const died = (reason: string): MarginError =>
      new MarginError('tokens-died', `The process that shows tokens ended (${reason}). Try again.`);
    this.process = new AnsweringProcess({ argv: [script], idleMs, died });
  }

  /** @returns null for a blank line @throws MarginError those of the trainer's model and template, `tokens-died` */
  async row(config: TrainConfig, text: string, pair: number): Promise<TokenRow | null> {
    return (await this.process.ask({ config, kind: 'row', text, pair })) as TokenRow | null;
  }

  /** What the trainer does with each of some rows. @throws MarginError as {@link row} */
  async rows(config: TrainConfig, texts: readonly string[]): Promise<readonly RowTokens[]> {
    return (await this.process.ask({ config, kind: 'rows', texts })) as readonly RowTokens[];
  }

  close(): void {
    this.process.close();
  }
}
