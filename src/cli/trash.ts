import { join, resolve } from 'node:path';
import { expiredRuns, folderBytes, listTrash, moveToTrash, removeForGood, restoreRun, trashFolder } from '../run/trash';
import type { TrashedRun } from '../run/trash';
import { flag, number, parseArguments, UsageError } from './args';
import type { Command, Surroundings } from './command';
import { table } from './table';

export const trash: Command = {
  summary: 'move runs to the trash, show it, bring runs back, or empty it',
  help: `margin trash [FOLDER]
margin trash add RUN_FOLDER
margin trash restore FOLDER_IN_TRASH
margin trash empty [FOLDER] [--days N] [--dry_run]

Shows the runs in the trash of FOLDER, with the space that they take. FOLDER is an output_dir; the default is
.margin/runs in the working folder, whose trash is .margin/trash. Nothing leaves the trash unless you empty it.

  add        Moves a run to the trash. A run that trains or is scored is refused.
  restore    Moves a run back to where it was.
  empty      Deletes the runs for good that were moved there at least --days ago (default 30), and prints them.
  --dry_run  Prints what empty would delete, and deletes nothing.
  --json     Prints one JSON object per run.

Exit code: 0 success; 1 a run is in use, or cannot be moved; 2 wrong usage.`,

  async run(argv, surroundings) {
    const args = parseArguments(argv, { help: 'flag', json: 'flag', dry_run: 'flag', days: 'value' });
    const { cwd, output } = surroundings;
    const [first, second, third] = args.positionals;
    const action = ['add', 'restore', 'empty'].find((name) => name === first);
    const extra = action === undefined ? second : third;
    if (extra !== undefined) throw new UsageError(`unexpected argument ${extra}`);
    const json = flag(args, 'json');
    const given = action === undefined ? first : second;
    if (action === 'add' || action === 'restore') {
      if (given === undefined) throw new UsageError(`${action} which run? Name its folder.`);
      const folder = await (action === 'add' ? moveToTrash : restoreRun)(resolve(cwd, given));
      if (json) output.json({ run: folder });
      else output.line(folder);
      return 0;
    }
    const bin = trashFolder(resolve(cwd, given ?? join('.margin', 'runs')));
    if (action === undefined) return show(await listTrash(bin), json, surroundings);
    const expired = await expiredRuns(bin, number(args, 'days', 30, { min: 0 }));
    await show(expired, json, surroundings);
    if (!flag(args, 'dry_run')) await removeForGood(expired);
    return 0;
  },
};

async function show(runs: readonly TrashedRun[], json: boolean, { output }: Surroundings): Promise<number> {
  const rows = [];
  for (const run of runs) rows.push({ ...run, bytes: await folderBytes(run.folder) });
  if (json) for (const row of rows) output.json(row);
  else if (rows.length === 0) output.line('No such runs in the trash.');
  else
    output.line(
      table(
        ['MB', 'since', 'folder'],
        rows.map(({ bytes, at, folder }) => [
          (bytes / 1e6).toFixed(1),
          new Date(at).toISOString().slice(0, 10),
          folder,
        ]),
      ),
    );
  return 0;
}
