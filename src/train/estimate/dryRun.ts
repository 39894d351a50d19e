import { tmpdir } from 'node:os';
import { openGenerateSession } from '../../engine/generateSession';
import { packPairs } from '../../engine/packPairs';
import type { MeasureSession } from '../../engine/types';
import { withWeightCheck } from '../../model/finite';
import { openTokenizer } from '../../model/tokenizer';
import type { Checkpoint } from '../../model/types';
import { RowWriter, type LoadedRow, type RowStore } from '../../reward/rowStore';
import type { TrainConfig } from '../../run/types';
import { openPolicy, startOptions } from '../evaluate';
import { sampleCount, sampleTokens } from '../samples';
import { sideRemarks } from '../sideRemarks';
import { loadSides } from '../split';
import { openBase } from '../openBase';
import { Trainer } from '../trainer';
import { batchLayout } from '../trainers';
import { loadShape } from './loadShape';
import { planRun } from './planRun';
import { rowLengths } from './rowLengths';
import type { DryRunMessage, Phase } from './types';

/** From so many tokens of an answer the time of all answers is told. */
const drawn = 4;

/** Takes a message on its way before more is done: while a session runs, nothing else in the process does. */
type Say = (message: DryRunMessage) => Promise<void>;

/** Those that steps are taken on. */
type MicroBatch = 'light' | 'typical' | 'heavy';

interface Opened {
  readonly trainer: Trainer;
  readonly policy: MeasureSession;
  readonly batches: Readonly<Record<MicroBatch | 'scored', readonly LoadedRow[]>>;
}

/**
 * Opens a run's model and rows as the run would, and takes real steps on a few of its micro-batches with a trainer of
 * its own, then scores and answers as the run does around them. Writes nothing: no run folder, no cache of reference
 * log-probs; what was trained goes with the process. (A GGUF model is converted in its cache if it was not yet, as the
 * run would.)
 */
export async function dryRun(asked: TrainConfig, say: Say): Promise<void> {
  const phase = phasesOf(say);
  const { trainer, policy, batches } = await phase('open', () => open(asked, say));
  const step = async (name: MicroBatch): Promise<void> => {
    // Where the small data set below has this micro-batch.
    trainer.position = { ...trainer.position, step: stepOf[name] - 1 };
    await withWeightCheck([trainer.checkpoint], () => trainer.step());
  };
  const batch = packPairs(
    batches.scored.map(({ training }) => training),
    batchLayout(trainer.config),
  );
  // First, for its session is there at most steps of a run.
  const score = (): Promise<unknown> => policy.score(batch);
  await phase('scoring', score);
  await phase('scoring', score);
  if (batches.typical.length > 1) await phase('light', () => step('light'));
  for (const name of ['typical', 'typical', 'heavy', 'heavy'] as const) await phase(name, () => step(name));
  const prompt = batches.heavy[0]?.training.prompt ?? [];
  if (prompt.length > 0) await answer(trainer, prompt, phase);
}

const stepOf: Readonly<Record<MicroBatch, number>> = { typical: 1, heavy: 2, light: 3 };

type RunPhase = <T>(name: Phase, work: () => Promise<T>, seconds?: (took: number) => number) => Promise<T>;

function phasesOf(say: Say): RunPhase {
  return async (phase, work, secondsOf = (took) => took) => {
    await say({ kind: 'begin', phase });
    const start = performance.now();
    const result = await work();
    const seconds = secondsOf((performance.now() - start) / 1000);
    await say({ kind: 'end', phase, seconds, resident: 1024 * process.resourceUsage().maxRSS });
    return result;
  };
}

async function open(asked: TrainConfig, say: Say): Promise<Opened> {
  const { config, checkpoint } = await openBase(asked);
  const batches = await chooseBatches(config, checkpoint, say);
  const rows = await storeOf([...batches.typical, ...batches.heavy, ...batches.light]);
  const small = {
    ...config,
    per_device_train_batch_size: batches.typical.length,
    gradient_accumulation_steps: 1,
    max_steps: rows.count,
    train_sampling_strategy: 'sequential' as const,
  };
  const trainer = await Trainer.open(small, checkpoint, rows);
  return { trainer, policy: openPolicy(trainer), batches };
}

async function storeOf(rows: readonly LoadedRow[]): Promise<RowStore> {
  const writer = await RowWriter.open(tmpdir());
  for (const row of rows) await writer.append(row);
  return writer.finish();
}

async function chooseBatches(config: TrainConfig, checkpoint: Checkpoint, say: Say): Promise<Opened['batches']> {
  const tokenizer = await openTokenizer(checkpoint.folder, checkpoint.model.vocabSize);
  const maxLength = Math.min(config.max_length ?? Number.POSITIVE_INFINITY, checkpoint.model.maxPositions);
  const sides = await loadSides(config, tokenizer, maxLength);
  for (const { message } of sideRemarks(sides, config)) await say({ kind: 'remark', message });
  const { train, held } = sides;
  const { plan, chosen } = planRun(
    config,
    await rowLengths(train.rows),
    held && (await rowLengths(held.rows)),
    loadShape(checkpoint.model),
  );
  await say({ kind: 'plan', plan });
  const [light, typical, heavy] = [
    await train.rows.read(chosen.light),
    await train.rows.read(chosen.typical),
    await train.rows.read(chosen.heavy),
  ];
  const scored = held && chosen.scored ? await held.rows.read(chosen.scored) : heavy;
  return { light, typical, heavy, scored };
}

/**
 * Takes as long as opening the session, reading a prompt and drawing a few tokens; tells how long all answers would
 * take.
 */
async function answer(trainer: Trainer, prompt: readonly number[], phase: RunPhase): Promise<void> {
  let [opened, first, last] = [0, 0, 0];
  const start = performance.now();
  const work = async (): Promise<void> => {
    const session = await openGenerateSession(startOptions(trainer));
    opened = first = last = performance.now();
    let count = 0;
    for await (const _ of session.generate([prompt], { maxNewTokens: drawn, stopIds: new Set() })) {
      last = performance.now();
      if (count++ === 0) first = last;
    }
  };
  const each = (): number => first - opened + ((sampleTokens - 1) * (last - first)) / Math.max(1, drawn - 1);
  await phase('answering', work, () => (opened - start + sampleCount * each()) / 1000);
}
