import path from 'node:path';
import { hashFile } from '../../../base/node/fileHash';
import { writeJson } from '../../../base/node/jsonFile';
import { MarginError } from '../../../base/pure/marginError';
import { keysOf, valueAt } from '../../../pairs/own/keyPath';
import { RowSides, type Stratum } from '../../../pairs/split/rowSides';
import type { SplitProof, SplitSide } from '../../../pairs/split/splitProof';
import { copyRows } from '../copyRows';
import { readPairs } from '../readPairs';
import { isSameFile } from '../target';
import { promptPlace } from './promptPlace';
import { GroupHashes, groupRows, type GroupSearch, splitTurns } from './rowGroups';

export interface SplitPlan extends Omit<GroupSearch, 'files'> {
  readonly file: string;
  /** The rows to hold out: a share of them below 1, or their number. */
  readonly evalSize: number;
  readonly seed: number;
  /** Key path of a column: both sides get the same shares of its values. Null for no such column. */
  readonly stratify: string | null;
  readonly trainOut: string;
  readonly evalOut: string;
  readonly proofOut: string;
}

export interface SplitResult {
  readonly proof: SplitProof;
  /** The rows without answers, which are on the side of training. */
  readonly unread: number;
  /** Blank lines, which are on no side. */
  readonly blank: number;
  /** The rows of each value of the column, on each side. */
  readonly strata: readonly Stratum[];
}

/**
 * Splits a file into rows to train on and rows to evaluate on, and writes both and their proof. Rows that
 * {@link groupRows} puts into one group are on one side. Rows keep their bytes and their order.
 *
 * @throws MarginError `empty-split`, `too-many-strata`, `is-input`, `changed-on-disk`, and those of reading and writing
 */
export async function splitFile(plan: SplitPlan): Promise<SplitResult> {
  await refuseOutputs(plan);
  const before = await hashFile(plan.file);
  const { sides, hashes } = await sidesOf(plan);
  await writeSides(plan, sides);
  if ((await hashFile(plan.file)) !== before) {
    const message = `${plan.file} was changed by another program while it was split. Split it again.`;
    throw new MarginError('changed-on-disk', message, { file: plan.file });
  }
  const { rows, unread, blank } = sides.count;
  const { evalSize, seed, near, stratify, reading, trainOut, evalOut, proofOut } = plan;
  const side = async (name: 'train' | 'eval', out: string, extra: number): Promise<SplitSide> => ({
    file: path.relative(path.dirname(proofOut), out).replaceAll(path.sep, '/'),
    sha256: await hashFile(out),
    rows: sides.byStratum().reduce((sum, stratum) => sum + stratum[name], extra),
    groups: sides
      .groupsOf(name)
      .map((group) => hashes.of(group))
      .sort(),
  });
  const proof: SplitProof = {
    version: 1,
    source: { file: path.basename(plan.file), sha256: before, rows: rows + unread },
    seed,
    eval_size: evalSize,
    near,
    stratify,
    reading,
    train: await side('train', trainOut, unread),
    eval: await side('eval', evalOut, 0),
  };
  await writeJson(proofOut, proof);
  return { proof, unread, blank, strata: sides.byStratum() };
}

/** @throws MarginError `is-input` if an output is another file of the split */
async function refuseOutputs({ file, trainOut, evalOut, proofOut }: SplitPlan): Promise<void> {
  const files = [file, trainOut, evalOut, proofOut];
  for (const [i, one] of files.entries())
    for (const other of files.slice(i + 1)) {
      if (!(await isSameFile(one, other))) continue;
      const message = `${other} is named twice: the file to split, both sides and the proof are different files.`;
      throw new MarginError('is-input', message, { file: other });
    }
}

async function sidesOf(plan: SplitPlan): Promise<{ readonly sides: RowSides; readonly hashes: GroupHashes }> {
  const { file, reading, seed, stratify, evalSize, signal } = plan;
  const { links } = await groupRows({ ...plan, files: [file] });
  const sides = new RowSides(links, stratify);
  const hashes = new GroupHashes();
  for await (const { row, value, result } of readPairs(file, { reading, ...(signal && { signal }) })) {
    const turns = splitTurns(result);
    if (turns) {
      const stands = hashes.add(links.firstOf(row), turns);
      sides.add(
        row,
        stands ? promptPlace(turns, seed) : null,
        stratify === null ? '' : valueAt(value, keysOf(stratify)),
      );
    } else if (result.kind === 'blank') sides.addBlank(row);
    else sides.addUnread(row);
  }
  const { rows } = sides.count;
  sides.choose(evalSize < 1 ? Math.round(evalSize * rows) : evalSize);
  const empty = (['eval', 'train'] as const).find((side) => sides.groupsOf(side).length === 0);
  if (empty) throw emptySplit(plan, rows, empty === 'eval' ? 'held out' : 'left to train on');
  return { sides, hashes };
}

function emptySplit({ file, evalSize }: SplitPlan, rows: number, side: string): MarginError {
  const message = `${file}: of ${rows} rows none would be ${side} with --eval ${evalSize}. Choose another size; rows with the same or nearly the same prompt are on one side.`;
  return new MarginError('empty-split', message, { file, rows });
}

async function writeSides({ file, trainOut, evalOut, signal }: SplitPlan, sides: RowSides): Promise<void> {
  const { rows, unread, blank } = sides.count;
  const options = { rows: rows + unread + blank, inputs: [file], ...(signal && { signal }) };
  await copyRows(file, evalOut, (row) => sides.isHeld(row), options);
  await copyRows(file, trainOut, (row) => sides.isTrained(row), options);
}
