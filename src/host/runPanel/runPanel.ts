import { open } from 'node:fs/promises';
import * as vscode from 'vscode';
import { LineFile } from '../../jsonl/lineFile';
import { readPair } from '../../pairs/readPair';
import { Channel, type Handlers } from '../../protocol/channel';
import type { RunDetail, RunPanelHost, RunPanelView } from '../../protocol/runPanel';
import { askRun } from '../../run/control';
import { CurveStore } from '../../run/curves';
import { findRuns, readRun, rewardSteps, type OpenRun } from '../../run/find';
import { runPaths } from '../../run/folder';
import type { RunEvent } from '../../run/types';
import { RunWatch } from '../../run/watch';
import { hostPort, viewHtml, viewOptions } from '../webviewHtml';
import { remarkOn } from './remark';
import { RewardTable } from './rewardTable';

/** At most four "changed" a second: faster than eyes, slower than a busy view. */
const settleMs = 250;
/** The end of the log is what one wants to see. */
const logBytes = 64 * 1024;

export interface RunPanelServices {
  readonly extension: vscode.Uri;
  readonly runFolders: () => Promise<readonly string[]>;
  readonly openPair: (file: string, row: number, key: string) => Promise<void>;
}

type Sample = RunDetail['samples'][number];

/** Serves one view of curves, in the panel or as an editor tab. Holds no truth: everything is read from run folders. */
export class RunPanel implements vscode.Disposable {
  private readonly channel: Channel<RunPanelHost, RunPanelView>;
  private watch: RunWatch | null = null;
  private run: OpenRun | null = null;
  private curves = new CurveStore();
  private samples: Sample[] = [];
  private revision = 0;
  private pending: NodeJS.Timeout | null = null;
  private table: { readonly step: number; readonly folder: string; readonly rows: Promise<RewardTable> } | null = null;

  constructor(
    webview: vscode.Webview,
    private readonly services: RunPanelServices,
    private folder: string | null,
  ) {
    webview.options = viewOptions(services.extension);
    this.channel = new Channel(hostPort(webview), this.handlers());
    webview.html = viewHtml(webview, services.extension, 'runPanel', 'Margin');
  }

  async show(folder: string | null): Promise<void> {
    await this.follow(folder);
    this.changed();
  }

  dispose(): void {
    this.watch?.close();
    if (this.pending) clearTimeout(this.pending);
    this.channel.dispose();
  }

  private handlers(): Handlers<RunPanelHost> {
    return {
      hello: async ({ folder }) => this.follow(this.folder ?? folder),
      select: async ({ folder }) => this.follow(folder),
      curves: ({ width }) => ({ revision: this.revision, ...this.curves.thin(width) }),
      pairs: async (query) => (await this.rewards(query.step)).page(query, (rows) => this.prompts(rows)),
      log: async () => (this.run ? readEnd(runPaths.log(this.run.folder)) : ''),
      control: async ({ want }) => {
        if (this.run) await askRun(this.run.folder, want);
        return null;
      },
      openPair: async ({ key, line }) => {
        if (this.run) await this.services.openPair(this.run.config.config.train_file, line - 1, key);
        return null;
      },
      command: async ({ name }) => {
        await this.command(name);
        return null;
      },
    };
  }

  private async command(name: 'train' | 'resume' | 'openLog' | 'openConfig' | 'openDataset' | 'openEditor'): Promise<void> {
    const folder = this.run?.folder;
    switch (name) {
      case 'train':
        return void vscode.commands.executeCommand('margin.train');
      case 'resume':
        return void vscode.commands.executeCommand('margin.resumeRun', folder);
      case 'openEditor':
        return void vscode.commands.executeCommand('margin.openRun', folder);
      case 'openDataset':
        if (this.run) await this.services.openPair(this.run.config.config.train_file, 0, '');
        return;
      case 'openLog':
      case 'openConfig':
        if (folder !== undefined) await vscode.window.showTextDocument(vscode.Uri.file(name === 'openLog' ? runPaths.log(folder) : runPaths.config(folder)));
    }
  }

  /** null: the newest run there is. */
  private async follow(folder: string | null): Promise<RunDetail> {
    const { runs } = await findRuns(await this.services.runFolders());
    const wanted = folder ?? runs[0]?.folder ?? null;
    if (wanted !== this.run?.folder) {
      this.watch?.close();
      this.folder = wanted;
      this.curves = new CurveStore();
      this.samples = [];
      this.table = null;
      this.run = wanted === null ? null : await readRun(wanted);
      this.watch = wanted === null ? null : this.startWatch(wanted);
      await this.watch?.read();
    } else if (wanted !== null) this.run = await readRun(wanted);
    return {
      revision: this.revision,
      run: this.run,
      runs,
      config: this.run?.config ?? null,
      rewardSteps: wanted === null ? [] : await rewardSteps(wanted),
      samples: this.samples,
      remark: remarkOn(this.curves.thin(1000)),
    };
  }

  private startWatch(folder: string): RunWatch {
    return new RunWatch(folder, {
      events: (events) => this.take(events),
      run: () => this.changed(),
      // The state that cannot be read is said once by whoever asks for it next.
      error: () => this.changed(),
    });
  }

  private take(events: readonly RunEvent[]): void {
    this.curves.add(events);
    for (const event of events) if (event.kind === 'sample') this.samples.push(event);
    this.changed();
  }

  private changed(): void {
    this.revision++;
    this.pending ??= setTimeout(() => {
      this.pending = null;
      this.channel.emit('changed', { revision: this.revision });
    }, settleMs);
  }

  private rewards(step: number): Promise<RewardTable> {
    const folder = this.run?.folder ?? '';
    if (this.table?.step !== step || this.table.folder !== folder) this.table = { step, folder, rows: RewardTable.read(folder, step) };
    return this.table.rows;
  }

  /** First words of the prompts of a page's rows, as the file is now. */
  private async prompts(rows: readonly number[]): Promise<Map<number, string>> {
    const prompts = new Map<number, string>();
    if (!this.run) return prompts;
    const file = await LineFile.open(this.run.config.config.train_file);
    try {
      await file.readIndex();
      for (const row of rows) {
        const [line = ''] = await file.lines(row, 1);
        const result = readPair(line);
        prompts.set(row, result.kind === 'pair' ? (result.pair.prompt.findLast(({ role }) => role === 'user')?.content ?? '').slice(0, 200) : '');
      }
    } finally {
      await file.close();
    }
    return prompts;
  }
}

async function readEnd(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - logBytes);
    const buffer = Buffer.alloc(size - start);
    await file.read(buffer, 0, buffer.length, start);
    return buffer.toString('utf8');
  } finally {
    await file.close();
  }
}
