import { errorCode, errorMessage } from '../../base/pure/marginError';
import type { FoundRewards, RewardNews, RewardQuestion, ScoringModel } from './messages';
import { RunScorer } from './runScorer';

interface Open {
  readonly key: string;
  readonly scorer: RunScorer;
}

/** Answers questions about the rewards of tokens. One model is open at a time, because it takes much memory. */
export class RewardProgram {
  private open: Open | null = null;
  private last: Promise<unknown> = Promise.resolve();

  /** @param tell gets what the program does @throws MarginError as {@link RunScorer} */
  answer(question: RewardQuestion, tell: (news: RewardNews) => void): Promise<FoundRewards> {
    const answer = this.last.then(() => this.score(question, tell));
    // An error belongs to its own question.
    this.last = answer.catch(() => undefined);
    return answer;
  }

  private async score({ model, ...question }: RewardQuestion, tell: (news: RewardNews) => void): Promise<FoundRewards> {
    const scorer = await this.scorer(model, tell);
    tell('scoring');
    return scorer.score(question);
  }

  private async scorer(model: ScoringModel, tell: (news: RewardNews) => void): Promise<RunScorer> {
    const key = JSON.stringify(model);
    if (this.open?.key === key) return this.open.scorer;
    tell('opening');
    const old = this.open;
    this.open = null;
    await old?.scorer.release();
    const scorer = await RunScorer.open(model);
    this.open = { key, scorer };
    return scorer;
  }
}

/**
 * The process of `trainer.js --token_rewards`. It reads questions from the channel to the process that started it, and
 * ends with it.
 */
export function answerParent(): void {
  const program = new RewardProgram();
  process.on('disconnect', () => process.exit(0));
  process.on('message', ({ id, asked }: { readonly id: number; readonly asked: RewardQuestion }) => {
    const send = (reply: object): void => void process.send?.({ id, ...reply });
    program
      .answer(asked, (news) => send({ news }))
      .then(
        (found) => send({ found }),
        (error: unknown) => send({ code: errorCode(error) ?? null, message: errorMessage(error) }),
      );
  });
}
