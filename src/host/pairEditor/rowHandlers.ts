import type { ShownRows } from '../../editor/shownRows';
import type { LinesDocument } from '../../jsonl/node/document';
import type { Handlers } from '../../protocol/channel';
import type { PairEditorHost } from '../../protocol/pairEditor';
import type { RowPages } from './rowPages';

interface ReadRows {
  readonly lines: Pick<LinesDocument, 'revision'>;
  readonly pages: RowPages;
  readonly shown: () => ShownRows;
  /** While a person reviews blind, no text may be shown. @throws MarginError `blind` */
  readonly refuseIfBlind: () => void;
  /** Called before the details of a row are read. */
  readonly selected: () => void;
}

/** Answers the requests of a view to read rows. */
export function rowHandlers({
  lines,
  pages,
  shown,
  refuseIfBlind,
  selected,
}: ReadRows): Pick<Handlers<PairEditorHost>, 'rows' | 'detail' | 'position'> {
  return {
    rows: async ({ from, count, columns }) => {
      refuseIfBlind();
      return { revision: lines.revision, rows: await pages.page(shown(), from, count, columns) };
    },
    detail: async ({ row }) => {
      selected();
      refuseIfBlind();
      return (await pages.detail(row)).detail;
    },
    position: ({ row }) => shown().placeOf(row),
  };
}
