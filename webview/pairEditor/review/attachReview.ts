import type { Channel } from '../../../src/protocol/channel';
import type { PairEditorHost, PairEditorView } from '../../../src/protocol/pairEditor';
import type { Messages } from '../messages';
import { isReviewing } from './isReviewing';
import { ReviewView } from './reviewView';

/**
 * Adds the review to the page. The host starts and ends it.
 *
 * @param ended called when the review ends: the list must be drawn again
 */
export function attachReview(
  channel: Channel<PairEditorView, PairEditorHost>,
  messages: Messages,
  ended: () => void,
): ReviewView {
  const failed = (error: unknown): void => messages.complain(error);
  const view = new ReviewView({
    send: (input) => {
      channel.request('review', input).catch(failed);
    },
    announce: (text) => messages.announce(text),
    save: () => {
      channel.request('command', { name: 'save' }).catch(failed);
    },
  });
  document.body.append(view.element);
  channel.on('review', (state) => {
    const was = isReviewing();
    document.body.classList.toggle('reviewing', state !== null);
    if (state) view.show(state);
    else if (was) ended();
    // A button that is gone had the focus, or the list has it, which is hidden now.
    if (state && !was) view.focus();
  });
  channel.on('reviewField', (name) => {
    view.openField(name);
    channel.request('review', { kind: 'fieldReady' }).catch(failed);
  });
  return view;
}
