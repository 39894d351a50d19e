import type { Channel } from '../../src/protocol/channel';
import type { RunPanelHost, RunPanelView } from '../../src/protocol/runPanel';
import type { CurvesSource } from './curvesTab';

type Requests = 'curves' | 'points' | 'pin' | 'unpin' | 'saveTable' | 'savePicture';

/** What the Curves tab asks the host. @param run does not wait for a promise, but shows its error */
export function curveRequests(
  channel: Channel<RunPanelView, RunPanelHost>,
  run: (promise: Promise<unknown>) => void,
): Pick<CurvesSource, Requests> {
  return {
    curves: (width, metrics) => channel.request('curves', { width, metrics }),
    points: (from, metrics) => channel.request('points', { from, metrics }),
    pin: (step) => run(channel.request('pin', { step })),
    unpin: (step) => run(channel.request('unpin', { step })),
    saveTable: () => run(channel.request('saveCurves', null)),
    savePicture: (kind, content) => run(channel.request('savePicture', { kind, content })),
  };
}
