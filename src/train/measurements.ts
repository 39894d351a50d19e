import { openGenerateSession } from '../engine/generateSession';
import type { SessionOptions } from '../engine/types';
import type { LoadedPairs } from '../reward/rowCollector';
import type { Metrics } from '../run/types';
import { bestOf, judge } from './bestModel';
import { evaluate, policyOptions, startOptions } from './evaluate';
import { explained, type Run } from './run';
import { drawSamples, type Sample } from './samples';
import { writeRewards } from './writeRewards';

/** What a run measures of its model between and after its steps, told in events and rewards files. */
export class Measurements {
  private before: readonly Sample[] | null = null;

  constructor(private readonly run: Run) {}

  /** Rewards of every row that is trained on, where `reward_steps` asks for them between steps. */
  async rewards(): Promise<void> {
    const { folder, trainer, train, reporter, policy, config } = this.run;
    const { step } = trainer.position;
    const options = { beta: config.beta, batchSize: config.per_device_train_batch_size };
    const path = await writeRewards(folder, step, train.rows, policy, trainer.rewardReference, options);
    if (path !== null) reporter.event({ t: Date.now(), step, kind: 'rewards', path });
  }

  /**
   * An evaluation that was due, with samples, held against those before it.
   *
   * @returns whether it is the best so far
   */
  async evaluate(held: LoadedPairs): Promise<boolean> {
    const { trainer, config, reporter } = this.run;
    const { step, standing } = trainer.position;
    const metrics = await this.heldOut(held);
    await this.samples();
    const judged = judge(standing, config, step, metrics);
    trainer.position = { ...trainer.position, standing: judged };
    reporter.update({ best: bestOf(judged, config) });
    return judged.best?.step === step;
  }

  /** Metrics of the held-out rows. */
  async heldOut(held: LoadedPairs): Promise<Metrics> {
    const { trainer, config, reporter, policy } = this.run;
    const metrics = await explained(this.run, config.eval_file ?? config.train_file, held, () =>
      evaluate(trainer, held.rows, policy),
    );
    reporter.event({ t: Date.now(), step: trainer.position.step, kind: 'eval', metrics });
    return metrics;
  }

  /** Greedy answers to the same prompts each time, beside those of the start. */
  async samples(step = this.run.trainer.position.step): Promise<void> {
    // The starting weights are there at any time, so that the first point of the curves need not wait for their
    // answers.
    const before = (this.before ??= await this.answers(startOptions(this.run.trainer)));
    const after = await this.answers(policyOptions(this.run.trainer));
    after.forEach(({ prompt, answer }, i) => {
      this.run.reporter.event({
        t: Date.now(),
        step,
        kind: 'sample',
        prompt,
        before: before[i]?.answer ?? '',
        after: answer,
      });
    });
  }

  /** The session lives for its answers only. */
  private async answers(options: SessionOptions): Promise<Sample[]> {
    const { held, train } = this.run;
    const session = await openGenerateSession(options);
    try {
      return await drawSamples((held ?? train).prompts, this.run, session);
    } finally {
      await session.release();
    }
  }
}
