import { tmpdir } from 'node:os';
import { at } from '../../base/pure/must';
import { openGenerateSession } from '../../engine/generateSession';
import { packPairs } from '../../engine/packPairs';
import { openScoreSession } from '../../engine/scoreSession';
import type { MeasureSession } from '../../engine/types';
import { withWeightCheck } from '../../model/finite';
import type { Model } from '../../model/architectures/architecture';
import { openTokenizer, type TextTokenizer } from '../../model/tokenizer';
import { RowWriter, type LoadedRow, type RowStore } from '../../reward/rowStore';
import type { FirstRow } from '../../run/firstRow';
import type { TrainConfig } from '../../run/types';
import { openMeasuredPolicy, startOptions } from '../evaluate';
import { openBase } from '../openBase';
import { rowRequest } from '../openRun';
import { openPolicy } from '../policy';
import { closeRows, type LoadRunRows, type RunRows } from '../runRows';
import { samplesOf, sampleTokens } from '../samples';
import { Trainer } from '../trainer';
import { batchLayout } from '../trainers';
import { loadShape } from './loadShape';
import { firstRows, planRun } from './planRun';
import { rowLengths } from './rowLengths';
import type { DryRunMessage, Phase } from './types';

/** Tokens that are drawn to estimate the time of the samples. */
const drawnTokens = 4;

/** Sends a message, and waits until it is written: while a session runs, the event loop is blocked. */
type Send = (message: DryRunMessage) => Promise<void>;

/** The micro-batches that steps are taken on. */
type MicroBatch = 'light' | 'typical' | 'heavy';

interface Opened {
  readonly trainer: Trainer;
  readonly policy: MeasureSession;
  /** A run's main thread keeps one of its own, for its samples. */
  readonly tokenizer: TextTokenizer;
  readonly batches: Readonly<Record<MicroBatch | 'scored', readonly LoadedRow[]>>;
}

/**
 * Opens model and rows as the run would, takes real steps on a few micro-batches, scores, and draws an answer. Sends
 * the time and the memory of each phase. Writes no run folder and no cache of reference log-probs; the trained weights
 * are discarded. (Like the run, it converts a GGUF model in the cache, once.)
 *
 * @param load reads the rows where the run would: a thread's heap and tokenizer count too
 * @throws MarginError what the run would throw
 * @throws NumericTrouble
 */
export async function dryRun(asked: TrainConfig, send: Send, load: LoadRunRows): Promise<void> {
  const phase = phasesOf(send);
  const { trainer, policy, batches } = await phase('open', () => open(asked, send, load));
  const step = async (name: MicroBatch): Promise<void> => {
    // The small data set below has one micro-batch for each of these steps.
    const state = trainer.snapshot();
    trainer.restore({ ...state, position: { ...state.position, step: stepOf[name] - 1 } });
    await withWeightCheck([trainer.checkpoint], () => trainer.step());
  };
  const batch = packPairs(
    batches.scored.map(({ training }) => training),
    batchLayout(trainer.config),
  );
  // Scoring comes first, because the scoring session is open during most steps of a run.
  const score = (): Promise<unknown> => policy.score(batch);
  await phase('scoring', score);
  await phase('scoring', score);
  const light = batches.typical.length > 1 ? (['light', 'light'] as const) : [];
  for (const name of [...light, 'typical', 'typical', 'heavy', 'heavy'] as const) await phase(name, () => step(name));
  const { prompt } = at(batches.heavy, 0).training;
  if (prompt.length > 0) await answer(trainer, prompt, phase);
}

const stepOf: Readonly<Record<MicroBatch, number>> = { typical: 1, heavy: 2, light: 3 };

type RunPhase = <T>(name: Phase, work: () => Promise<T>, seconds?: (took: number) => number) => Promise<T>;

function phasesOf(send: Send): RunPhase {
  return async (phase, work, secondsOf = (took) => took) => {
    await send({ kind: 'begin', phase });
    const start = performance.now();
    const result = await work();
    const seconds = secondsOf((performance.now() - start) / 1000);
    await send({ kind: 'end', phase, seconds, resident: 1024 * process.resourceUsage().maxRSS });
    return result;
  };
}

async function open(asked: TrainConfig, send: Send, load: LoadRunRows): Promise<Opened> {
  const base = await openBase(asked);
  const { config, checkpoint } = base;
  const loading = load(rowRequest(base, tmpdir()), async () => undefined).then(async (loaded) => {
    try {
      return await chooseBatches(config, checkpoint.model, loaded, send);
    } finally {
      await closeRows(loaded);
    }
  });
  const [chosen, opened] = await Promise.allSettled([loading, openPolicy(config, checkpoint)]);
  if (chosen.status === 'rejected') throw chosen.reason;
  if (opened.status === 'rejected') throw opened.reason;
  const batches = chosen.value;
  const rows = await storeOf([...batches.typical, ...batches.heavy, ...batches.light]);
  const small = {
    ...config,
    per_device_train_batch_size: batches.typical.length,
    gradient_accumulation_steps: 1,
    max_steps: rows.count,
    train_sampling_strategy: 'sequential' as const,
  };
  const trainer = await Trainer.open(small, checkpoint, rows, openScoreSession, opened.value);
  const tokenizer = await openTokenizer(checkpoint.folder, checkpoint.model.vocabSize);
  return { trainer, policy: openMeasuredPolicy(trainer), tokenizer, batches };
}

async function storeOf(rows: readonly LoadedRow[]): Promise<RowStore> {
  const writer = await RowWriter.open(tmpdir());
  for (const row of rows) await writer.append(row);
  return writer.finish();
}

async function chooseBatches(
  config: TrainConfig,
  model: Model,
  { train, held, remarks }: RunRows,
  send: Send,
): Promise<Opened['batches']> {
  for (const { message } of remarks) await send({ kind: 'remark', message });
  const lengths = await rowLengths(train.rows);
  const { plan, chosen } = planRun(config, lengths, held && (await rowLengths(held.rows)), loadShape(model));
  const first = (await train.rows.read(firstRows(config, lengths))).map(firstRow);
  await send({ kind: 'plan', plan: { ...plan, first } });
  const [light, typical, heavy] = [
    await train.rows.read(chosen.light),
    await train.rows.read(chosen.typical),
    await train.rows.read(chosen.heavy),
  ];
  const scored = held && chosen.scored ? await held.rows.read(chosen.scored) : heavy;
  return { light, typical, heavy, scored };
}

/** What is trained on of a row. The pair that is scored has the sides of a judged answer as they are. */
function firstRow({ row, line, pair: { prompt, chosen, rejected } }: LoadedRow): FirstRow {
  return { row, line, prompt: prompt.length, chosen: chosen.length, rejected: rejected.length };
}

/**
 * Opens a generation session and draws a few tokens. Reports the seconds that all samples of a run would take.
 */
async function answer(trainer: Trainer, prompt: readonly number[], phase: RunPhase): Promise<void> {
  const count = await samplesOf(trainer.config);
  let [opened, first, last] = [0, 0, 0];
  const start = performance.now();
  const work = async (): Promise<void> => {
    const session = await openGenerateSession(startOptions(trainer));
    opened = first = last = performance.now();
    let drawn = 0;
    for await (const _ of session.generate([prompt], { maxNewTokens: drawnTokens, stopIds: new Set() })) {
      last = performance.now();
      if (drawn++ === 0) first = last;
    }
  };
  const each = (): number => first - opened + ((sampleTokens - 1) * (last - first)) / Math.max(1, drawnTokens - 1);
  await phase('answering', work, () => (opened - start + count * each()) / 1000);
}
