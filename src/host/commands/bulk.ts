import type { CommandServices, Commands } from './target';

/** Commands about many rows of the active pair editor. The view knows which rows are selected. */
export function bulkCommands({ editor }: CommandServices) {
  return {
    'margin.find': () => editor.active?.bulk.command('find'),
    'margin.replace': () => editor.active?.bulk.command('replace'),
    'margin.rows.selectAll': () => editor.active?.bulk.command('selectAll'),
    'margin.rows.swap': () => editor.active?.bulk.command('swap'),
    'margin.rows.delete': () => editor.active?.bulk.command('delete'),
    'margin.rows.trim': () => editor.active?.bulk.command('trim'),
    'margin.rows.weight': () => editor.active?.bulk.command('weight'),
    'margin.rows.tag': () => editor.active?.bulk.command('tag'),
    'margin.rows.flag': () => editor.active?.bulk.command('flag'),
  } satisfies Partial<Commands>;
}
