import type { Channel } from '../../src/protocol/channel';
import type { PairEditorHost, PairEditorView } from '../../src/protocol/pairEditor';
import type { RuleAction } from '../../src/protocol/rowProblem';
import type { Messages } from './messages';
import { strings } from './strings';

/** Sends the request of a button beside a problem to the host, and tells screen readers when it is done. */
export async function actOnRule(
  asked: RuleAction,
  channel: Channel<PairEditorView, PairEditorHost>,
  messages: Messages,
): Promise<void> {
  await channel.request('rule', asked);
  if ('row' in asked) messages.announce(strings.ruleDone[asked.action](asked.rule));
}
