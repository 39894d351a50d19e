import { packPairs } from '../../../src/engine/packPairs';
import { openTrainSession } from '../../../src/engine/trainSession';
import type { TokenizedPair } from '../../../src/engine/types';
import { openCheckpoint } from '../../../src/model/checkpoint';
import { writeSafetensors } from '../../../src/model/safetensors';
import { openTokenizer } from '../../../src/model/tokenizer';
import type { Parameter } from '../../../src/model/types';
import { AdamW, clipGradients } from '../../../src/train/optimizer';
import { sftObjective } from '../../../src/train/objectives/sft';
import { modelConfig } from './modelFiles';
import { Dice } from './random';

const steps = 1600;
const sequences = 16;
const length = 128;
const peakRate = 3e-3;
const warmup = 50;
/** Standard deviation of new weights (`initializer_range` of Llama). */
const spread = 0.02;

function newWeights(dice: Dice): Parameter[] {
  const { hidden_size: d, intermediate_size: f, vocab_size: v, num_hidden_layers: layers, head_dim: h } = modelConfig;
  const [q, kv] = [modelConfig.num_attention_heads * h, modelConfig.num_key_value_heads * h];
  const matrix = (name: string, out: number, inner: number): Parameter => ({ name, shape: [out, inner], data: Float32Array.from({ length: out * inner }, () => spread * dice.normal()) });
  const gain = (name: string): Parameter => ({ name, shape: [d], data: new Float32Array(d).fill(1) });
  const layer = (i: number): Parameter[] => {
    const at = (name: string): string => `model.layers.${i}.${name}.weight`;
    return [
      gain(at('input_layernorm')),
      matrix(at('self_attn.q_proj'), q, d),
      matrix(at('self_attn.k_proj'), kv, d),
      matrix(at('self_attn.v_proj'), kv, d),
      matrix(at('self_attn.o_proj'), d, q),
      gain(at('post_attention_layernorm')),
      matrix(at('mlp.gate_proj'), f, d),
      matrix(at('mlp.up_proj'), f, d),
      matrix(at('mlp.down_proj'), d, f),
    ];
  };
  return [matrix('model.embed_tokens.weight', v, d), ...Array.from({ length: layers }, (_, i) => layer(i)).flat(), gain('model.norm.weight')];
}

/** The corpus as one stream of tokens, cut into sequences: a language model is the `sft` objective with an empty rejected side. */
function cut(ids: readonly number[]): TokenizedPair[] {
  return Array.from({ length: Math.floor(ids.length / length) }, (_, i) => {
    const [first = 0, ...rest] = ids.slice(i * length, (i + 1) * length);
    return { prompt: [first], chosen: rest, rejected: [] };
  });
}

/** Linear warm-up, then half a cosine to zero. */
function rate(step: number): number {
  return step <= warmup ? (peakRate * step) / warmup : (peakRate * (1 + Math.cos((Math.PI * (step - warmup)) / (steps - warmup)))) / 2;
}

/** Trains the model in `folder` (its text files are there) from nothing and writes model.safetensors. */
export async function pretrain(folder: string, texts: readonly string[], seed: number, report: (line: string) => void): Promise<void> {
  const dice = new Dice(seed);
  const file = `${folder}/model.safetensors`;
  await writeSafetensors(file, newWeights(dice));
  const checkpoint = await openCheckpoint(folder);
  const tokenizer = await openTokenizer(folder, checkpoint.config.vocabSize);
  const data = cut(texts.flatMap((text) => tokenizer.encode(text, false)));
  report(`${data.length * length} tokens`);

  const session = await openTrainSession({ checkpoint, adapter: null, full: true, loss: (symbols) => sftObjective.loss(symbols, { beta: 0 }) });
  const optimizer = new AdamW(session.parameters, { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 });
  let order: TokenizedPair[] = [];
  for (let step = 1; step <= steps; step++) {
    if (order.length < sequences) order = dice.shuffle(data);
    const batch = packPairs(order.splice(0, sequences));
    const { loss, gradients } = await session.step(batch, new Float32Array(2 * sequences));
    clipGradients(gradients, 1);
    optimizer.update(gradients, rate(step), step);
    if (step % 20 === 0 || step === 1) report(`step ${step}/${steps} loss ${loss.toFixed(4)}`);
  }
  await writeSafetensors(file, session.parameters.values());
  await session.release();
}
