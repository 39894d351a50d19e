import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { keys } from '../../../src/run/keys/keys';
import { resolveRun } from '../../../src/run/resolve';
import { parseTrainConfig } from '../../../src/run/trainConfig';
import type { TrainConfig } from '../../../src/run/types';
import { copyOf } from '../model/files';
import { ofKind, onlySteps, runFolder, train } from './runs';

/** Recorded by test/peer/record.py. */
interface Golden {
  /** The file its rows come from. */
  readonly rows: string;
  /** SHA-256 of the weights it was recorded on. */
  readonly model: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly log: readonly (Readonly<Record<string, number>> & { readonly step: number })[];
}

const folder = resolve('test/golden');
const model = resolve('media/sample/model');
const goldens = new Map(
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map(
      (file) =>
        [file.slice(0, -'.json'.length), JSON.parse(readFileSync(join(folder, file), 'utf8')) as Golden] as const,
    ),
);

/** The names that a key of the config may have as its value; undefined if its values are not names. */
function choices(name: string): readonly string[] | undefined {
  const type = keys.find((key) => key.name === name)?.type;
  return type && 'of' in type ? type.of : undefined;
}

/** Whether Margin knows every key of the run and every name in it. Only such runs are tested. */
function isKnown({ config }: Golden): boolean {
  return Object.entries(config).every(([name, value]) => {
    const values = Array.isArray(value) ? value : [value];
    return keys.some((key) => key.name === name) && values.every((one) => choices(name)?.includes(String(one)) ?? true);
  });
}

function configOf({ config, rows }: Golden): TrainConfig {
  const adapter = config.use_peft === false ? null : join(folder, 'init');
  const own = { ...config, model_name_or_path: model, adapter_name_or_path: adapter, train_file: join(folder, rows) };
  return parseTrainConfig(JSON.stringify(own), join(folder, 'golden.train.json'));
}

/**
 * TRL's CPO and ORPO average the logits over prompts and padding too, so they depend on the other rows of the batch.
 * Margin averages over completions.
 */
const isComparable = (config: TrainConfig, metric: string): boolean =>
  !(metric.startsWith('logits/') && withoutReference(config));
const withoutReference = ({ trainer }: TrainConfig): boolean => trainer === 'cpo' || trainer === 'orpo';

/** CPO and ORPO put a BOS before every prompt if the tokenizer has one. They were recorded without it (record.py). */
async function modelWithoutBos(): Promise<string> {
  const copy = await copyOf(model);
  const file = join(copy, 'tokenizer_config.json');
  const { bos_token: _, ...rest } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  await writeFile(file, JSON.stringify(rest));
  return copy;
}

/** The largest difference of two correct f32 implementations on these runs. */
function tolerance(metric: string, expected: number): number {
  if (['num_tokens', 'epoch', 'learning_rate'].includes(metric)) return 1e-9;
  if (metric === 'grad_norm') return 2e-4 * Math.abs(expected);
  // KTO's KL is a difference of such sums.
  if (metric.startsWith('logps/') || metric === 'kl') return 1e-4;
  return 2e-5 * Math.max(1, Math.abs(expected));
}

describe('TRL’s trajectories on the sample’s own model, recorded in test/golden', () => {
  /** The runs share one cache of reference log-probs, as the runs of one user do. */
  let cache: string;

  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), 'margin-reference-'));
    return () => rm(cache, { recursive: true, force: true });
  });

  it('were recorded on the present model (if not: npm run record)', () => {
    const now = createHash('sha256')
      .update(readFileSync(join(model, 'model.safetensors')))
      .digest('hex');
    expect([...goldens].filter(([, golden]) => golden.model !== now).map(([name]) => name)).toEqual([]);
  });

  it.each(['trainer', 'loss_type'])('exist for each %s that Margin has', (key) => {
    const recorded = new Set(
      [...goldens.values()]
        .filter(isKnown)
        .flatMap((golden) => Object.entries(configOf(golden)).flatMap(([name, value]) => (name === key ? value : []))),
    );
    expect(choices(key)?.filter((name) => !recorded.has(name))).toEqual([]);
  });

  it.each([...goldens].filter(([, golden]) => isKnown(golden)).map(([name]) => name))(
    '%s: every metric of every step agrees',
    async (name) => {
      const golden = goldens.get(name) ?? expect.fail(name);
      const { log } = golden;
      const asked = configOf(golden);
      const config = withoutReference(asked) ? { ...asked, model_name_or_path: await modelWithoutBos() } : asked;
      const run = await runFolder(config, await resolveRun(config, {}));
      const points = ofKind(await train(run, { ...onlySteps, cache }), 'train');
      expect(points.map(({ step }) => step)).toEqual(log.map(({ step }) => step));
      log.forEach(({ step, ...expected }, i) => {
        for (const [metric, value] of Object.entries(expected).filter(([metric]) => isComparable(config, metric))) {
          const ours = points[i]?.metrics[metric] ?? Number.NaN;
          expect(Math.abs(ours - value), `step ${step} ${metric}: ${ours} for ${value}`).toBeLessThanOrEqual(
            tolerance(metric, value),
          );
        }
      });
    },
  );
});
