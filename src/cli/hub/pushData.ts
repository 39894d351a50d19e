import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { version } from '../../../package.json';
import { sha256Of } from '../../base/node/fileHash';
import { openRegular } from '../../base/node/smallFile';
import { errorCode } from '../../base/pure/marginError';
import { dataCard, type DataFacts, type ReviewFacts } from '../../hub/dataCard';
import { Adjudications } from '../../jsonl/node/agreement/adjudications';
import { MarkReviewers } from '../../jsonl/node/agreement/markReviewers';
import { readRatings } from '../../jsonl/node/agreement/readRatings';
import { marksOfFile } from '../../jsonl/node/marks/marksOfFile';
import { agreementOf } from '../../pairs/agreement/agreement';
import { agreementSentence } from '../../pairs/agreement/agreementWords';
import { marksName } from '../../pairs/marks/marksName';
import type { Reading } from '../../pairs/reading';
import { flag, UsageError } from '../args';
import { rowFindings } from '../checkRows';
import { readingOption } from '../columnsOption';
import type { Surroundings } from '../command';
import { withIgnored } from '../ignoredOption';
import type { CardedPlan, PushAsked } from './pushAsked';

/** The dimension of an agreement that marks always have. */
const verdict = 'verdict';
const bootstrap = { seed: 42, resamples: 1000 };

/** Counts what the card of a data set says, and gives the plan to `send`. Marks stay here: they name people. */
export async function withData(
  { source: given, repo, args, licence, signal }: PushAsked,
  surroundings: Surroundings,
  send: (plan: CardedPlan) => Promise<void>,
): Promise<void> {
  if (licence === null)
    throw new UsageError('--license is missing: only you know under which licence the data are, such as cc-by-4.0');
  const file = resolve(surroundings.cwd, given);
  await (await openRegular(file)).close();
  surroundings.output.say(`Counting what ${given} holds`);
  const reading = await readingOption(args, file, surroundings);
  const name = basename(file);
  const { size } = await stat(file);
  const facts: DataFacts = {
    name,
    licence,
    bytes: size,
    sha256: await sha256Of(file),
    ...(await checksOf(file, reading, surroundings, signal)),
    review: await reviewOf(file, reading, signal),
  };
  const card = dataCard(facts, repo.name, version);
  const scratch = await mkdtemp(join(tmpdir(), 'margin-push-'));
  try {
    const readme = join(scratch, 'README.md');
    await writeFile(readme, card);
    const files = [
      { path: 'README.md', source: readme, bytes: Buffer.byteLength(card) },
      { path: name, source: file, bytes: size },
    ];
    const visibility = flag(args, 'public') ? 'public' : 'private';
    await send({ files, card, visibility, title: `Upload ${name} with Margin` });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function checksOf(
  file: string,
  plain: Reading,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<Pick<DataFacts, 'rows' | 'checks'>> {
  const counts = { rows: 0 };
  const found = new Map<string, DataFacts['checks'][number]>();
  const reading = await withIgnored(file, plain, surroundings);
  const script = join(surroundings.programs, 'checkLines.js');
  for await (const { severity, code, count = 1, ignored } of rowFindings(file, reading, counts, null, script)) {
    signal.throwIfAborted();
    if (ignored) continue;
    const key = `${severity} ${code}`;
    found.set(key, { severity, code, count: (found.get(key)?.count ?? 0) + count });
  }
  const order = ['error', 'warning', 'info'];
  const checks = [...found.values()].sort(
    (a, b) => order.indexOf(a.severity) - order.indexOf(b.severity) || b.count - a.count,
  );
  return { rows: counts.rows, checks };
}

/** @returns null if the file has no marks */
async function reviewOf(file: string, reading: Reading, signal: AbortSignal): Promise<ReviewFacts | null> {
  const report = await marksOfFile(file, reading).catch((error: unknown) => {
    if (errorCode(error) === 'missing') return null;
    throw error;
  });
  if (report === null) return null;
  const { pairs, reviewed, reviewers, adjudicated, edits } = report;
  const marks = await MarkReviewers.read([marksName(file)]);
  const adjudications = await Adjudications.read([marksName(file)]);
  const sources = { file, reading, columns: [], marks, models: [], adjudications, signal };
  const found = agreementOf((await readRatings(sources)).ratings(verdict), bootstrap);
  const agreement = found.compared === 0 ? null : agreementSentence(found);
  return { pairs, reviewed, reviewers: reviewers.length, adjudicated, edits, agreement };
}
