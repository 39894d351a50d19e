import { TaskQueue } from '../../base/pure/taskQueue';
import type { FoundRewards, RewardNews, RewardQuestion, ScoringModel } from './messages';
import { RunScorer } from './runScorer';

interface Open {
  readonly key: string;
  readonly scorer: RunScorer;
}

/** Answers questions about the rewards of tokens. One model is open at a time, because it takes much memory. */
export class RewardProgram {
  private open: Open | null = null;
  private readonly questions = new TaskQueue();

  /** @param tell gets what the program does @throws MarginError as {@link RunScorer} */
  answer(question: RewardQuestion, tell: (news: RewardNews) => void): Promise<FoundRewards> {
    return this.questions.run(() => this.score(question, tell));
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
