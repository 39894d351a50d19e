import type { TrainConfig } from '../../run/types';
import type { TokenFound, TokenQuestion } from './messages';
import { TrainerEyes } from './trainerEyes';

/** Tokenizers that stay open; a large one takes a few hundred megabytes. */
const mostOpen = 2;

/** Answers questions about tokens. */
export class TokenProgram {
  /** By config; the one that was used last comes last. */
  private readonly open = new Map<string, Promise<TrainerEyes>>();

  /** @throws MarginError as {@link TrainerEyes} */
  async answer(asked: TokenQuestion): Promise<TokenFound> {
    const eyes = await this.currentEyes(asked.config);
    return asked.kind === 'row' ? eyes.tokenRow(asked.text, asked.pair) : eyes.rowTokens(asked.texts);
  }

  private async currentEyes(config: TrainConfig): Promise<TrainerEyes> {
    const eyes = await this.eyes(config);
    if (await eyes.isCurrent()) return eyes;
    this.open.delete(JSON.stringify(config));
    return this.eyes(config);
  }

  private eyes(config: TrainConfig): Promise<TrainerEyes> {
    const key = JSON.stringify(config);
    const eyes = this.open.get(key) ?? TrainerEyes.open(config);
    this.open.delete(key);
    this.open.set(key, eyes);
    // A model that could not be opened may be repaired by the time of the next question.
    eyes.catch(() => this.open.get(key) === eyes && this.open.delete(key));
    for (const old of [...this.open.keys()].slice(0, -mostOpen)) this.open.delete(old);
    return eyes;
  }
}
