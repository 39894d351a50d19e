import { askName, askOrder, askSaved } from '../savedViews/askView';
import type { CommandServices, Commands } from './target';

/** Commands for the order of the active pair editor, and for its saved views. */
export function viewCommands({ editor, savedViews, notices }: CommandServices) {
  return {
    'margin.pair.sortBy': async () => {
      const view = editor.active;
      const order = view && (await askOrder(view.view));
      if (order) view.show(order);
      view?.focus();
    },
    'margin.saveView': async () => {
      const view = editor.active;
      const name = view && (await askName(savedViews, view.view));
      if (view && name !== undefined && name !== null) {
        const { filter, sort, descending } = view.view;
        const columns = view.columns.layout;
        await savedViews.save({ name: name.trim(), filter, sort, descending, columns });
      }
      view?.focus();
    },
    'margin.openView': async () => {
      const view = editor.active;
      if (!view) return;
      if (savedViews.all.length === 0) {
        await notices.info('No view is saved. Filter or sort the pairs, then run Margin: Save View….');
        return;
      }
      const saved = await askSaved(savedViews, notices.error);
      if (saved) {
        const { filter, sort, descending } = saved;
        view.show({ filter, sort, descending });
        if (saved.columns) view.columns.show(saved.columns);
      }
      view.focus();
    },
  } satisfies Partial<Commands>;
}
