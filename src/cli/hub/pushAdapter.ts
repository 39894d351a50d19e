import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { version } from '../../../package.json';
import { cacheFolder } from '../../base/node/cacheFolder';
import { modelLabel } from '../../base/node/modelLabel';
import { readSmallText } from '../../base/node/smallFile';
import { MarginError } from '../../base/pure/marginError';
import { exportModel } from '../../export/exportModel';
import { openSource, type Source } from '../../export/source';
import { withLicence } from '../../hub/licence';
import { parseRepo } from '../../hub/repo';
import { type Arguments, flag, number, text, UsageError } from '../args';
import type { Surroundings } from '../command';
import type { CardedPlan, PushAsked } from './pushAsked';

/** A card has a few KB; the longest list of settings and metrics some hundred. */
const maxCard = 4 << 20;

/**
 * Exports an adapter as PEFT reads it into a temporary folder, with its card, and gives the plan to `send`.
 *
 * @throws MarginError `hub-base` if the Hub's name of the base model does not follow from its folder; those of the
 *   export
 */
export async function withAdapter(
  { source: given, repo, args, licence, signal }: PushAsked,
  { cwd, output }: Surroundings,
  send: (plan: CardedPlan) => Promise<void>,
): Promise<void> {
  const model = text(args, 'model');
  output.say(`Reading ${given}`);
  const opened = await openSource(
    { path: resolve(cwd, given), step: stepOf(args), model: model === null ? null : resolve(cwd, model) },
    join(cacheFolder(), 'models'),
  );
  // The base goes into adapter_config.json and the card, where a path of this machine would mean nothing.
  const source = { ...opened, base: baseOf(opened, text(args, 'base_model')) };
  const scratch = await mkdtemp(join(tmpdir(), 'margin-push-'));
  try {
    const out = join(scratch, 'adapter');
    // Sizes and types matter for merged models only.
    const rest = {
      maxShardBytes: Infinity,
      dtype: null,
      outType: 'f16' as const,
      version,
      signal,
      onProgress: () => undefined,
    };
    const exported = await exportModel(source, { format: 'peft', out, ...rest });
    const readme = join(out, 'README.md');
    const card = withLicence(await readSmallText(readme, maxCard), licence);
    await writeFile(readme, card);
    const files = exported.map(({ name, bytes }) => ({
      path: name,
      source: join(out, name),
      bytes: name === 'README.md' ? Buffer.byteLength(card) : bytes,
    }));
    const visibility = flag(args, 'public') ? 'public' : 'private';
    await send({ files, card, visibility, title: `Upload ${source.name} to ${repo.name} with Margin` });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function baseOf({ base }: Source, given: string | null): string {
  if (given !== null) {
    const { kind, name } = parseRepo(given);
    if (kind !== 'model') throw new UsageError('--base_model names a model: org/name');
    return name;
  }
  const label = modelLabel(base);
  if (label.includes('/')) return label;
  throw new MarginError(
    'hub-base',
    `The base model ${label} lies in a folder that does not tell its name on the Hub. Give it as --base_model org/name.`,
    { base: label },
  );
}

function stepOf(args: Arguments): number | 'best' | null {
  const given = args.options.has('step') ? number(args, 'step', 0, { min: 1, integer: true }) : null;
  if (!flag(args, 'best')) return given;
  if (given !== null) throw new UsageError('--step and --best name two checkpoints: give only one of them');
  return 'best';
}
