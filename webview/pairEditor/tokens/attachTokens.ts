import type { Channel } from '../../../src/protocol/channel';
import type { PairEditorHost, PairEditorView } from '../../../src/protocol/pairEditor';
import type { ViewApi } from '../../shared/channelPort';
import type { Messages } from '../messages';
import type { Toolbar } from '../toolbar';
import { initial, type ViewState } from '../viewState';
import { CountBar } from './countBar';
import { TokensView } from './tokensView';

/** The view of tokens, connected to the host and to its button. It is on if it was the last time. */
export function attachTokens(
  channel: Channel<PairEditorView, PairEditorHost>,
  messages: Messages,
  toolbar: Toolbar,
  api: ViewApi<ViewState>,
): TokensView {
  const failed = (error: unknown): void => messages.complain(error);
  const counts = new CountBar({
    request: (asked, signal) => channel.request('tokenCounts', { asked }, signal),
    filter: (query) => toolbar.apply(query),
    announce: (text) => messages.announce(text),
    failed,
  });
  const view = new TokensView(
    {
      request: (row, pair, signal) => channel.request('tokens', { row, pair }, signal),
      act: (name) => {
        channel.request('tokenAction', { name }).catch(failed);
      },
      keep: (tokens) => api.setState({ ...initial, ...api.getState(), tokens }),
      announce: (text) => messages.announce(text),
      failed,
    },
    counts,
    (on) => toolbar.setTokens(on),
  );
  channel.on('tokensChanged', () => view.changed());
  channel.on('tokenProgress', (share) => counts.progress(share));
  channel.on('changed', ({ revision }) => counts.edited(revision));
  toolbar.onTokens = () => view.set(!view.isOn);
  view.set(api.getState()?.tokens === true);
  return view;
}
