import { at } from '../base/pure/must';
import { openGenerateSession } from '../engine/generateSession';
import type { SessionOptions } from '../engine/types';
import type { SideRows } from './runRows';
import type { Metrics, PairReward } from '../run/types';
import { bestOf } from './bestModel';
import { evaluate, policyOptions, startOptions } from './evaluate';
import { Guard } from './guard';
import { heldOutRewards, keepHeldOut, type MeasuredBatch } from './heldOutRewards';
import { policyKl } from './policyKl';
import { explained, type Run } from './run';
import { sampleRewards } from './sampleRewards';
import { drawSamples, ownPrompts, type Sample, type SamplePromptIds } from './samples';
import { hasPairs, hasReference } from './trainers';
import { writeRewards } from './writeRewards';

/** Measures the model between and after the steps of a run, and writes the results as events and rewards files. */
export class Measurements {
  private before: readonly Sample[] | null = null;
  private guard: Promise<Guard | null> | null = null;
  private prompts: Promise<SamplePromptIds> | null = null;

  constructor(private readonly run: Run) {}

  /**
   * Reads the prompts of the samples, and measures the language model before the first step, so that the curve of the
   * guard has its start.
   */
  async start(): Promise<void> {
    await this.samplePrompts();
    const { reporter, policy, trainer } = this.run;
    const guard = await this.openGuard();
    if (!guard || trainer.position.step > 0) return;
    reporter.note(guard.note);
    reporter.event({ t: Date.now(), step: 0, kind: 'eval', metrics: await guard.measure(policy) });
  }

  /** Scores every training row, as `reward_steps` asks between steps. */
  async rewards(): Promise<void> {
    const { folder, trainer, rows, reporter, policy, config } = this.run;
    const { step } = trainer.position;
    const options = { beta: config.beta, batchSize: config.per_device_train_batch_size };
    const path = await writeRewards(folder, step, rows.train.rows, policy, trainer.rewardReference, options);
    if (path !== null) reporter.event({ t: Date.now(), step, kind: 'rewards', path });
  }

  /**
   * Runs a due evaluation: metrics of the held-out rows, and samples.
   *
   * @returns whether this evaluation is the best so far
   */
  async evaluate(held: SideRows): Promise<boolean> {
    const { trainer, config, reporter } = this.run;
    const metrics = await this.heldOut(held);
    await this.samples();
    const isBest = trainer.recordEvaluation(metrics);
    reporter.update({ best: bestOf(trainer.position.standing, config) });
    return isBest;
  }

  /** Metrics of the held-out rows, the KL from the reference, and the loss on the guard's text. */
  async heldOut(held: SideRows): Promise<Metrics> {
    const { trainer, config, reporter, policy, answerTokens } = this.run;
    // Without an eval_file the held-out rows are a part of train_file.
    const dataFile = config.eval_file ?? config.train_file;
    const rewards: PairReward[] = [];
    const take = (measured: MeasuredBatch): void => void rewards.push(...heldOutRewards(measured, config));
    const isPaired = hasPairs(config);
    const ofRows = await explained(this.run, dataFile, held, () =>
      evaluate(trainer, held.rows, policy, isPaired ? take : undefined),
    );
    const { step, standing } = trainer.position;
    if (isPaired) await keepHeldOut(this.run.folder, step, rewards, standing.best && standing.best.step);
    const kl = await policyKl(trainer, held.rows, policy, answerTokens);
    const guarded = (await (await this.openGuard())?.measure(policy)) ?? {};
    const metrics = { ...ofRows, ...kl, ...guarded };
    reporter.event({ t: Date.now(), step, kind: 'eval', metrics });
    return metrics;
  }

  /** Draws greedy answers to the same prompts each time, and shows them next to those of the model at the start. */
  async samples(step = this.run.trainer.position.step): Promise<void> {
    // Drawn when first needed, so that the first point of the curves does not wait for them. The starting weights are
    // still there.
    const before = (this.before ??= await this.answers(startOptions(this.run.trainer)));
    const after = await this.answers(policyOptions(this.run.trainer));
    const rewards = await this.rewardsOf(before, after);
    after.forEach(({ prompt, answer }, i) => {
      const known = at(rewards, i);
      this.run.reporter.event({
        t: Date.now(),
        step,
        kind: 'sample',
        prompt,
        before: at(before, i).answer,
        after: answer,
        ...(known === null ? {} : { rewards: known }),
      });
    });
  }

  /**
   * Rewards of samples; null for a sample without. Only runs that evaluate held-out rows have the two sessions open;
   * others do without, to keep the trainer small.
   */
  private async rewardsOf(before: readonly Sample[], after: readonly Sample[]): ReturnType<typeof sampleRewards> {
    const { trainer, policy, rows, config } = this.run;
    if (!rows.held || !hasReference(config)) return before.map(() => null);
    return sampleRewards(trainer, policy, await this.samplePrompts(), before, after);
  }

  private samplePrompts(): Promise<SamplePromptIds> {
    const { rows, config, answerTokens, reporter } = this.run;
    const { sample_prompts_file: path } = config;
    const read = async (file: string): Promise<SamplePromptIds> => {
      const { prompts, note } = await ownPrompts(file, (await answerTokens()).tokenizer);
      reporter.note(note);
      return prompts;
    };
    return (this.prompts ??= path === null ? Promise.resolve((rows.held ?? rows.train).prompts) : read(path));
  }

  private openGuard(): Promise<Guard | null> {
    const { config, trainer, answerTokens } = this.run;
    const { guard_file: path } = config;
    const open = async (file: string): Promise<Guard> =>
      Guard.open(file, config, trainer.checkpoint, (await answerTokens()).tokenizer);
    return (this.guard ??= path === null ? Promise.resolve(null) : open(path));
  }

  /** Opens a session for these answers alone, to keep the trainer small. */
  private async answers(options: SessionOptions): Promise<Sample[]> {
    const { answerTokens } = this.run;
    const prompts = await this.samplePrompts();
    if (prompts.size === 0) return [];
    const tokens = await answerTokens();
    const session = await openGenerateSession(options);
    try {
      return await drawSamples(prompts, tokens, session);
    } finally {
      await session.release();
    }
  }
}
