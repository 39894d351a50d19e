import { join } from 'node:path';
import { at, must } from '../../base/pure/must';
import { packPairs } from '../../engine/packPairs';
import { openTrainSession } from '../../engine/trainSession';
import type { PairSymbols, TokenizedPair } from '../../engine/types';
import { reduceSum } from '../../graph/algebra';
import { div, neg } from '../../graph/elementwise';
import type { Tensor } from '../../graph/tensor';
import { openCheckpoint } from '../../model/checkpoint';
import { writeSafetensors } from '../../model/safetensors';
import { openTokenizer } from '../../model/tokenizer';
import type { Message } from '../../pairs/pair';
import { AdamW, clipGradients } from '../../train/optimizer';
import type { Draw } from './draw';
import { initialWeights } from './initialWeights';

/** Cross-entropy per token: −Σ log p / Σ n. */
const lossPerToken = ({ chosen, chosenLength }: PairSymbols): Tensor =>
  neg(div(reduceSum(chosen), reduceSum(chosenLength)));

const peakRate = 3e-3;
const warmup = 50;
/** Tokens of a step, in whole conversations: as many as 16 sequences of 128. */
const stepTokens = 2048;

export interface Pretraining {
  /** Has tokenizer and config; model.safetensors is written into it. */
  readonly folder: string;
  readonly conversations: readonly (readonly Message[])[];
  readonly steps: number;
  readonly draw: Draw;
  readonly report: (line: string) => void;
}

/** Trains all weights of a model from scratch, on every token of the conversations, with Margin's own engine. */
export async function pretrain({ folder, conversations, steps, draw, report }: Pretraining): Promise<void> {
  const file = join(folder, 'model.safetensors');
  await writeSafetensors(file, initialWeights(draw));
  const checkpoint = await openCheckpoint(folder);
  const tokenizer = await openTokenizer(folder, checkpoint.model.vocabSize);
  const chat = must(tokenizer.chat, "the chat template of the sample's model");
  const rows = conversations.map((turns) => languageRow(tokenizer.encode(chat.render(turns, false), false)));
  report(`${rows.length} conversations, ${rows.reduce((sum, { chosen }) => sum + 1 + chosen.length, 0)} tokens`);

  const session = await openTrainSession({ checkpoint, adapter: null, full: true, loss: { loss: lossPerToken } });
  const optimizer = new AdamW(session.parameters, { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.01 });
  const batches = endlessBatches(rows, draw);
  for (let step = 1; step <= steps; step++) {
    const batch = packPairs(batches.next().value);
    const { loss, gradients } = await session.step(batch, new Float32Array(2 * batch.pairs));
    clipGradients(gradients, 1);
    optimizer.update(gradients, rate(step, steps), step);
    if (step % 50 === 0 || step === 1) report(`step ${step}/${steps} loss ${loss.toFixed(4)}`);
  }
  await writeSafetensors(file, session.parameters.values());
  await session.release();
}

/** Language modelling as a pair: the prompt is the first token, the rest is chosen, and nothing is rejected. */
function languageRow(tokens: readonly number[]): TokenizedPair {
  return { prompt: [at(tokens, 0)], chosen: tokens.slice(1), rejected: [] };
}

/** Batches of conversations, shuffled again in each epoch; a batch has as many as fit into the tokens of a step. */
function* endlessBatches(rows: readonly TokenizedPair[], draw: Draw): Generator<readonly TokenizedPair[], never> {
  let batch: TokenizedPair[] = [];
  let tokens = 0;
  for (;;) {
    for (const row of draw.shuffled(rows)) {
      if (tokens + row.chosen.length > stepTokens) {
        yield batch;
        [batch, tokens] = [[], 0];
      }
      batch.push(row);
      tokens += row.chosen.length;
    }
  }
}

/** The learning rate: linear warm-up, then a half cosine down to zero. */
function rate(step: number, steps: number): number {
  if (step <= warmup) return (peakRate * step) / warmup;
  return (peakRate * (1 + Math.cos((Math.PI * (step - warmup)) / (steps - warmup)))) / 2;
}
