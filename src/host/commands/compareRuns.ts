import { type CommandServices, type Commands, folderOf } from './target';

/** The command that compares runs: those that are selected in the Runs view, or all. */
export function compareRunsCommands({ runComparison }: Pick<CommandServices, 'runComparison'>) {
  return {
    'margin.compareRuns': (target, selected) => {
      const rows = Array.isArray(selected) && selected.length > 0 ? selected : [target];
      runComparison.show(rows.flatMap((row: unknown) => folderOf(row) ?? []));
    },
  } satisfies Partial<Commands>;
}
