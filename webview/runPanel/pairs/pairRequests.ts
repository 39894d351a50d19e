import type { Channel } from '../../../src/protocol/channel';
import type { RunPanelHost, RunPanelView } from '../../../src/protocol/runPanel';
import type { PairsSource } from './pairsSource';
import { gridSize } from './scatterPanel';

/** Charts of the pairs that changed most: they fill a few rows. */
const mostMovers = 24;

type Requests = 'pairs' | 'locate' | 'scatter' | 'trend' | 'movers' | 'groups' | 'others' | 'datasetColumns';

/** What the views of pairs ask the host for. */
export function pairRequests(channel: Channel<RunPanelView, RunPanelHost>): Pick<PairsSource, Requests> {
  return {
    pairs: (query) => channel.request('pairs', query),
    locate: (query, key) => channel.request('locate', { query, key }),
    scatter: (query, axes) => channel.request('scatter', { query, axes, ...gridSize }),
    trend: (key) => channel.request('trend', { key }),
    others: () => channel.request('others', null),
    datasetColumns: () => channel.request('datasetColumns', null),
    groups: (query, by) => channel.request('groups', { query, by }),
    movers: (query) => channel.request('movers', { query, count: mostMovers }),
  };
}
