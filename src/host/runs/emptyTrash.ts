import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { formatValue } from '../../run/compared/formatValue';
import { expiredRuns, folderBytes, removeForGood } from '../../run/trash';
import type { Notices } from '../notices';

/** After how many days a run in Margin's own trash may go. 0: never. */
const setting = 'margin.trashDays';

/**
 * Offers to delete the runs for good that have been in Margin's own trash for `margin.trashDays`.
 *
 * @param kept one of its runs
 */
export async function offerToEmptyTrash(notices: Notices, kept: string): Promise<void> {
  const days = vscode.workspace.getConfiguration().get<number>(setting);
  if (typeof days !== 'number' || !Number.isFinite(days) || days <= 0) return;
  const expired = await expiredRuns(dirname(kept), days);
  if (expired.length === 0) return;
  let bytes = 0;
  for (const { folder } of expired) bytes += await folderBytes(folder);
  const count = expired.length === 1 ? '1 run' : `${expired.length} runs`;
  const remove = 'Delete for Good';
  const message = `The trash has ${count} deleted at least ${days} days ago: ${formatValue(bytes, 'bytes')}.`;
  if ((await notices.info(message, remove)) !== remove) return;
  await removeForGood(expired);
  notices.log.info(`Deleted for good: ${expired.map(({ folder }) => folder).join(', ')}`);
}
