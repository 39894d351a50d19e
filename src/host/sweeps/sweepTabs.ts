import { watch, type FSWatcher } from 'node:fs';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { holderOf } from '../../run/lock';
import { askSweep, readSweep } from '../../run/sweep/files';
import { Channel, type Handlers } from '../../protocol/channel';
import type { SweepDetail, SweepHost, SweepView } from '../../protocol/sweep';
import type { Notices } from '../notices';
import { plainLabel } from '../../base/pure/plainText';
import { hostPort, viewHtml, viewOptions } from '../webviewHtml';
import { sweepDetail } from './sweepDetail';

/** How often the folder is read where its watcher reports nothing. */
const pollMs = 1000;

export interface SweepTabServices {
  readonly extension: vscode.Uri;
  readonly notices: Notices;
  readonly openRun: (folder: string) => unknown;
  /** Starts the process that works on a sweep again. */
  readonly resume: (folder: string) => Promise<void>;
}

/** The tabs of sweeps, one for each folder. */
export class SweepTabs {
  private readonly tabs = new Map<string, vscode.WebviewPanel>();

  constructor(private readonly services: SweepTabServices) {}

  show(folder: string): void {
    const shown = this.tabs.get(folder);
    if (shown) return shown.reveal();
    const title = `Sweep ${plainLabel(basename(folder))}`;
    const options = viewOptions(this.services.extension);
    const tab = vscode.window.createWebviewPanel('margin.sweep', title, vscode.ViewColumn.Active, options);
    tab.iconPath = new vscode.ThemeIcon('settings');
    this.tabs.set(folder, tab);
    const panel = new SweepPanel(tab, folder, this.services);
    tab.onDidDispose(() => {
      panel.dispose();
      this.tabs.delete(folder);
    });
  }
}

/** A tab that follows the folder of a sweep. */
class SweepPanel implements vscode.Disposable {
  private readonly channel: Channel<SweepHost, SweepView>;
  private readonly timer: NodeJS.Timeout;
  private watcher: FSWatcher | null = null;
  private told = '';

  constructor(
    panel: vscode.WebviewPanel,
    private readonly folder: string,
    private readonly services: SweepTabServices,
  ) {
    const { webview } = panel;
    this.channel = new Channel(hostPort(webview), this.handlers());
    this.timer = setInterval(() => this.look(), pollMs);
    try {
      this.watcher = watch(folder, () => this.look()).on('error', () => this.watcher?.close());
    } catch {
      // This file system cannot be watched. The poll notices changes.
    }
    webview.html = viewHtml(webview, services.extension, 'sweep', `Sweep ${basename(folder)}`);
  }

  dispose(): void {
    clearInterval(this.timer);
    this.watcher?.close();
    this.channel.dispose();
  }

  private handlers(): Handlers<SweepHost> {
    const { services, folder } = this;
    return {
      hello: () => this.detail(),
      openRun: ({ run }) => (services.openRun(run), null),
      stop: async () => (await askSweep(folder, 'stop'), null),
      resume: async () => {
        await services.resume(folder).catch(services.notices.error);
        return null;
      },
    };
  }

  private async detail(): Promise<SweepDetail> {
    // If the lock cannot be read, nobody is known to work here. `readSweep` says what is wrong with the folder.
    const holder = await holderOf(this.folder).catch(() => null);
    return sweepDetail(await readSweep(this.folder), holder !== null);
  }

  private look(): void {
    this.detail().then(
      (detail) => {
        const text = JSON.stringify(detail);
        if (text === this.told) return;
        this.told = text;
        this.channel.emit('changed', detail);
      },
      // The file may be deleted. The view keeps what it shows, and asking again tells the reason.
      () => undefined,
    );
  }
}
