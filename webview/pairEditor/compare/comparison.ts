import type { Channel } from '../../../src/protocol/channel';
import type { ComparisonOverview } from '../../../src/protocol/comparison';
import type { Overview, PairEditorHost, PairEditorView } from '../../../src/protocol/pairEditor';
import type { RowEditing } from '../rowEditing';
import type { Messages } from '../messages';
import type { ChangeAction } from './changeSection';
import { compareStrings as strings } from './compareStrings';
import { filterAfter } from './filterAfter';
import { LostView } from './lostView';

export interface ComparisonParts {
  readonly channel: Channel<PairEditorView, PairEditorHost>;
  readonly messages: Messages;
  readonly editing: Pick<RowEditing, 'selected'>;
  /** Draws the file, and the row to show next if there is one. */
  readonly drawn: (overview: Overview, row: number | null) => void;
  readonly focusList: () => void;
  readonly filter: () => string;
  readonly setFilter: (filter: string) => void;
}

/**
 * The parts of the page that compare the file with another: the list of lost rows, and the actions that restore rows.
 */
export class Comparison {
  readonly lost: LostView;
  private last: ComparisonOverview | null = null;

  constructor(private readonly parts: ComparisonParts) {
    const { channel, messages, drawn, focusList } = parts;
    this.lost = new LostView({
      channel,
      restored: drawn,
      closed: focusList,
      announce: (text) => messages.announce(text),
      failed: this.failed,
    });
  }

  /** Follows the comparison. When it ends, the filter that asks for its changes is removed. */
  draw(overview: Overview): void {
    const { filter, setFilter } = this.parts;
    this.lost.draw(overview);
    const before = this.last;
    this.last = overview.comparison;
    const after = filterAfter(before, overview.comparison, filter());
    if (after !== filter()) setFilter(after);
  }

  /** Restores the row that is shown, or shows it in VS Code's diff editor. */
  act(action: ChangeAction): void {
    const { channel, messages, editing, drawn } = this.parts;
    const shown = editing.selected;
    if (!shown) return;
    const { row, overview } = shown;
    if (action === 'inEditor') return void channel.request('diffInEditor', { row }).catch(this.failed);
    const kind = action === 'restore' ? 'row' : 'back';
    channel
      .request('restore', { revision: overview.revision, restored: { kind, row } })
      .then((answer) => {
        drawn(answer.overview, answer.row);
        messages.announce(strings.restored);
      })
      .catch(this.failed);
  }

  stop(): void {
    this.parts.channel
      .request('stopComparing', null)
      .then((overview) => this.parts.drawn(overview, null))
      .catch(this.failed);
  }

  private readonly failed = (error: unknown): void => this.parts.messages.complain(error);
}
