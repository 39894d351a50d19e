import type { RunDetail, RunPanelHost, RunSummary } from '../../src/protocol/runPanel';
import { button, dropdown } from '../shared/controls';
import { h, icon, replace } from '../shared/dom';
import { duration, megabytes } from '../shared/format';

type Command = RunPanelHost['requests']['command']['params']['name'];
type Want = RunPanelHost['requests']['control']['params']['want'];

export interface HeaderActions {
  control(want: Want): void;
  command(name: Command): void;
  select(folder: string): void;
}

const icons: Readonly<Record<RunSummary['status'], string>> = {
  starting: 'loading codicon-modifier-spin',
  running: 'circle-filled',
  paused: 'debug-pause',
  stopping: 'debug-stop',
  done: 'check',
  stopped: 'debug-stop',
  failed: 'error',
  lost: 'warning',
};

/** Name, state, progress, speed, and what can be done now. */
export function drawHeader(element: HTMLElement, { run, runs }: RunDetail, actions: HeaderActions): void {
  if (!run) return replace(element);
  const { state, status } = run;
  const facts = [
    state?.eta === null || state?.eta === undefined ? '' : `${duration(state.eta)} left`,
    state?.pairs_per_second ? `${state.pairs_per_second.toFixed(1)} pairs/s` : '',
    state?.tokens_per_second ? `${Math.round(state.tokens_per_second)} tok/s` : '',
    state?.memory ? megabytes(state.memory) : '',
  ].filter((text) => text !== '');
  const choices = runs.map(({ folder, name, created }) => ({ id: folder, label: `${name} · ${new Date(created).toLocaleString()}` }));
  const tone = status === 'failed' || status === 'lost' ? 'bad' : status === 'running' || status === 'done' ? 'good' : 'muted';
  replace(
    element,
    runs.length > 1 ? dropdown('Run', choices, run.folder, (folder) => actions.select(folder)) : h('b', {}, run.name),
    h('span', { class: tone, role: 'status' }, icon(icons[status]), ` ${status}`),
    h('span', { class: 'num' }, 'step ', h('b', {}, String(state?.step ?? 0)), h('span', { class: 'muted' }, `/${state?.steps ?? 0}`)),
    h('span', { class: 'muted num clip' }, facts.join(' · ')),
    h('span', { class: 'grow' }),
    ...buttons(status, actions),
  );
}

function buttons(status: RunSummary['status'], { control, command }: HeaderActions): HTMLElement[] {
  const log = button({ label: 'Log', icon: 'output', onClick: () => command('openLog') });
  const stop = button({ label: 'Stop & save', icon: 'debug-stop', onClick: () => control('stop') });
  switch (status) {
    case 'starting':
    case 'running':
      return [button({ label: 'Pause', icon: 'debug-pause', onClick: () => control('pause') }), stop, log];
    case 'paused':
      return [button({ label: 'Resume', icon: 'debug-continue', primary: true, onClick: () => control('run') }), stop, log];
    case 'stopping':
    case 'done':
      return [button({ label: 'Open dataset', icon: 'go-to-file', onClick: () => command('openDataset') }), log];
    case 'stopped':
    case 'failed':
    case 'lost':
      return [button({ label: 'Resume', icon: 'debug-restart', primary: true, onClick: () => command('resume') }), log];
  }
}
