import type { RunDetail, RunPanelHost, RunSummary } from '../../src/protocol/runPanel';
import { button, dropdown } from '../shared/controls';
import { h, icon, replace } from '../shared/dom';
import { runFacts } from './runFacts';
import { shareOf } from './scoringText';
import { strings } from './strings';

type Command = RunPanelHost['requests']['command']['params']['name'];
type Want = RunPanelHost['requests']['control']['params']['want'];

export interface HeaderActions {
  control(want: Want): void;
  command(name: Command): void;
  select(folder: string): void;
}

const icons: Readonly<Record<RunSummary['status'], string>> = {
  queued: 'clock',
  starting: 'loading codicon-modifier-spin',
  running: 'circle-filled',
  paused: 'debug-pause',
  stopping: 'loading codicon-modifier-spin',
  done: 'check',
  stopped: 'circle-slash',
  failed: 'error',
  lost: 'warning',
};

/**
 * The header of the run panel: name, status, progress, speed and buttons. A new step does not redraw the buttons,
 * because a person may be pressing one.
 */
export class Header {
  readonly element = h('div', { class: 'bar header' });
  private readonly name = h('span', { class: 'name' });
  private readonly status = h('span', { role: 'status' });
  private readonly step = h('span', { class: 'num' });
  private readonly facts = h('span', { class: 'muted num clip facts' });
  private readonly buttons = h('span', { class: 'buttons' });
  private readonly progress = h('i', { class: 'progress' });
  private named = '';
  private acted = '';

  constructor(private readonly actions: HeaderActions) {
    replace(
      this.element,
      this.name,
      this.status,
      this.step,
      this.facts,
      h('span', { class: 'grow' }),
      this.buttons,
      this.progress,
    );
  }

  show({ run, runs, config }: RunDetail): void {
    this.element.hidden = run === null;
    if (!run) return;
    const { status, state } = run;
    // A run without a state has taken no step.
    const { step, steps } = state ?? { step: 0, steps: 0 };
    this.showName(run, runs);
    this.showStatus(run);
    replace(this.step, `${strings.step} `, h('b', {}, String(step)), h('span', { class: 'muted' }, `/${steps}`));
    this.step.hidden = steps === 0;
    const facts = runFacts(run, config);
    this.facts.textContent = facts;
    this.facts.title = facts;
    const scoring = run.scoring?.status === 'running' ? run.scoring : null;
    const share = scoring ? shareOf(scoring) : steps === 0 ? 0 : step / steps;
    this.progress.style.width = `${100 * share}%`;
    this.progress.hidden = status === 'done' && !scoring;
  }

  private showName(run: RunSummary, runs: readonly RunSummary[]): void {
    const choices = runs.map(({ folder, name, created }) => ({
      id: folder,
      label: `${name} · ${new Date(created).toLocaleString(document.documentElement.lang || 'en', { dateStyle: 'short', timeStyle: 'short' })}`,
    }));
    const named = JSON.stringify([run.folder, choices]);
    if (named === this.named) return;
    this.named = named;
    replace(
      this.name,
      runs.length > 1
        ? dropdown(strings.run, choices, run.folder, (folder) => this.actions.select(folder))
        : h('b', {}, run.name),
    );
  }

  private showStatus({ status, scoring }: RunSummary): void {
    const acted = JSON.stringify([status, scoring?.status, scoring !== null && scoring.scored > 0]);
    if (acted === this.acted) return;
    this.acted = acted;
    this.status.className =
      status === 'failed'
        ? 'bad'
        : status === 'lost'
          ? 'warn'
          : status === 'running' || status === 'done'
            ? 'good'
            : 'muted';
    replace(this.status, icon(icons[status]), ` ${strings.status[status]}`);
    replace(this.buttons, ...this.buttonsFor(status, this.scoringButtons(scoring)));
  }

  private scoringButtons(scoring: RunSummary['scoring']): HTMLElement[] {
    const { command } = this.actions;
    const { score, rest, cancel } = strings.scoring;
    if (scoring === null || scoring.status === 'done') return [];
    if (scoring.status === 'running')
      return [button({ label: cancel, icon: 'debug-stop', onClick: () => command('cancelScoring') })];
    return [button({ label: scoring.scored > 0 ? rest : score, icon: 'checklist', onClick: () => command('score') })];
  }

  private buttonsFor(status: RunSummary['status'], scoring: readonly HTMLElement[]): HTMLElement[] {
    const { control, command } = this.actions;
    const { pause, stop, resume, log, dataset, compare } = strings.actions;
    const compareButton = button({ label: compare, icon: 'law', onClick: () => command('compareModels') });
    const stopButton = button({ label: stop, icon: 'debug-stop', onClick: () => control('stop') });
    const logButton = button({ label: log, icon: 'output', onClick: () => command('openLog') });
    switch (status) {
      case 'queued':
        return [button({ label: strings.actions.takeOut, icon: 'close', onClick: () => command('takeOutOfQueue') })];
      case 'starting':
      case 'running':
        return [button({ label: pause, icon: 'debug-pause', onClick: () => control('pause') }), stopButton, logButton];
      case 'paused':
        return [
          button({ label: resume, icon: 'debug-continue', primary: true, onClick: () => control('run') }),
          stopButton,
          logButton,
        ];
      case 'stopping':
        return [logButton];
      case 'done':
        return [
          button({ label: dataset, icon: 'go-to-file', onClick: () => command('openDataset') }),
          ...scoring,
          compareButton,
          logButton,
        ];
      case 'stopped':
      case 'failed':
      case 'lost':
        return [
          button({ label: resume, icon: 'debug-continue', primary: true, onClick: () => command('resume') }),
          ...scoring,
          logButton,
        ];
    }
  }
}
