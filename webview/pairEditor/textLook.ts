import { loadRichText, type RichText } from '../richText/richText';
import type { ViewState } from './viewState';

type Look = Pick<ViewState, 'diff' | 'rendered'>;

export interface TextLookOptions {
  readonly state: () => Look;
  readonly keep: (look: Partial<Look>) => void;
  /** Shows which look is chosen. `rich` draws Markdown; null while texts are shown as they are. */
  readonly show: (look: Look, rich: RichText | null) => void;
}

/** Switches how texts are shown: as they are, with the words that differ marked, or as Markdown. */
export class TextLook {
  constructor(private readonly options: TextLookOptions) {}

  /** The look of the last time. @throws Error if the part that draws Markdown cannot be loaded */
  start(): Promise<void> {
    return this.set({});
  }

  toggleDiff(): Promise<void> {
    const { diff, rendered } = this.options.state();
    return this.set({ diff: rendered || !diff, rendered: false });
  }

  toggleRendered(): Promise<void> {
    return this.set({ rendered: !this.options.state().rendered });
  }

  private async set(look: Partial<Look>): Promise<void> {
    const wanted = { ...this.options.state(), ...look };
    const rich = wanted.rendered ? await loadRichText() : null;
    this.options.keep(look);
    this.options.show(wanted, rich);
  }
}
