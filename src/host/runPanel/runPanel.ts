import * as vscode from 'vscode';
import { errorMessage } from '../../base/pure/marginError';
import { readEnd } from '../../base/node/smallFile';
import { Channel, type Handlers } from '../../protocol/channel';
import type { RunDetail, RunPanelHost, RunPanelView } from '../../protocol/runPanel';
import { askRun } from '../../run/control';
import { runPaths } from '../../run/folder';
import type { RunControl } from '../../run/runControl';
import type { CommandId } from '../commands/commandIds';
import type { RunsModel } from '../runs/runsModel';
import type { PairPlace } from '../tokenRewards/tokenSource';
import { requireTrust } from '../train/requireTrust';
import { hostPort, viewHtml, viewOptions } from '../webviewHtml';
import { curveHandlers, curveMemory, type CurveServices } from './curveHandlers';
import { type PairActionServices, pairActions } from './pairActions';
import { gradientHandlers } from './rewards/gradientHandlers';
import { pairHandlers } from './rewards/pairHandlers';
import type { RunFollower } from './runFollower';
import type { FollowedRun, SharedFollowers } from './sharedFollowers';

/** How long a change waits for others, so that a view is told of them once. */
const settleMs = 250;
/** While changes go on, a view is told of them once in this time: drawing all curves takes some 30 ms. */
const paceMs = 1000;
/** Bytes read at the end of a log. */
const logBytes = 64 * 1024;

export interface RunPanelServices extends PairActionServices, CurveServices {
  readonly extension: vscode.Uri;
  readonly runs: RunsModel;
  readonly followers: SharedFollowers;
  readonly openPair: (file: string, row: number, key: string) => Promise<void>;
  /** Shows the rewards of a pair's tokens. */
  readonly showTokens: (folder: string, step: number, place: PairPlace) => Promise<void>;
  /** Called when a view with curves opens. */
  readonly shown: () => void;
}

type Reveal = NonNullable<RunDetail['reveal']>;
type Command = RunPanelHost['requests']['command']['params']['name'];

/** Serves one run panel. It keeps no state of runs: it reads everything from run folders. */
export class RunPanel implements vscode.Disposable {
  private readonly channel: Channel<RunPanelHost, RunPanelView>;
  private readonly following: vscode.Disposable;
  private shown: FollowedRun | null = null;
  private opening: Promise<FollowedRun> | null = null;
  private reveal: Reveal | null = null;
  private revision = 0;
  private pending: NodeJS.Timeout | null = null;
  /** When the view was told of a change. */
  private told = -Infinity;
  private disposed = false;

  /**
   * @param pinned folder of the run to show; null: the newest; undefined: what the view remembers
   * @param named called with the name of the shown run
   */
  constructor(
    webview: vscode.Webview,
    private readonly services: RunPanelServices,
    private pinned: string | null | undefined,
    private readonly named: (name: string) => void = () => undefined,
  ) {
    webview.options = viewOptions(services.extension);
    this.channel = new Channel(hostPort(webview), this.handlers());
    this.following = services.runs.onDidChange(() => this.changed());
    webview.html = viewHtml(webview, services.extension, 'runPanel', 'Margin');
    services.shown();
  }

  show(folder: string | null, reveal: Reveal | null = null): void {
    this.pin(folder);
    this.reveal = reveal;
    this.changed();
  }

  dispose(): void {
    this.following.dispose();
    this.disposed = true;
    this.shown?.release();
    if (this.pending) clearTimeout(this.pending);
    this.channel.dispose();
  }

  private get follower(): RunFollower | null {
    return this.shown && this.shown.follower;
  }

  private handlers(): Handlers<RunPanelHost> {
    return {
      hello: ({ folder }) => {
        if (this.pinned === undefined) this.pinned = folder;
        return this.detail();
      },
      select: ({ folder }) => {
        this.pin(folder);
        return this.detail();
      },
      ...curveHandlers(() => this.follower, this.services),
      ...pairHandlers(
        () => this.follower,
        () => this.services.runs.runs,
      ),
      ...pairActions(() => this.follower, this.services),
      ...gradientHandlers(() => this.follower),
      samples: ({ step }) => (this.follower ? this.follower.samples(step) : []),
      log: async ({ lines }) => (this.follower ? endOf(runPaths.log(this.follower.folder), lines) : ''),
      control: async ({ want }) => {
        await this.control(want).catch(this.services.notices.error);
        return null;
      },
      openPair: async ({ key, line }) => {
        if (this.follower)
          await this.services
            .openPair(this.follower.config.config.train_file, line - 1, key)
            .catch(this.services.notices.error);
        return null;
      },
      tokens: async ({ step, key, row }) => {
        await this.tokens(step, key, row).catch(this.services.notices.error);
        return null;
      },
      command: async ({ name }) => {
        await this.command(name);
        return null;
      },
    };
  }

  /**
   * Writes the request into the run's folder. Needs trust: in Restricted Mode the folder may come from someone else.
   */
  private async control(want: RunControl['want']): Promise<void> {
    if (!this.follower) return;
    requireTrust();
    await askRun(this.follower.folder, want);
  }

  private async tokens(step: number, key: string, row: number): Promise<void> {
    if (!this.follower) return;
    const { folder } = this.follower;
    await this.services.showTokens(folder, step, await this.follower.place(row, key));
  }

  /** Pins a run. A person who looks at the newest one also wants to see the next, so that one is not pinned. */
  private pin(folder: string | null): void {
    this.pinned = folder === this.services.runs.runs[0]?.folder ? null : folder;
  }

  private async command(name: Command): Promise<void> {
    const commands: Readonly<Record<Command, CommandId>> = {
      train: 'margin.train',
      resume: 'margin.resumeRun',
      takeOutOfQueue: 'margin.takeOutOfQueue',
      openEditor: 'margin.openRun',
      openDataset: 'margin.openAsPairs',
      openLog: 'margin.showLog',
      openConfig: 'margin.showConfig',
      score: 'margin.scoreRun',
      cancelScoring: 'margin.cancelScoring',
      compareModels: 'margin.compareModels',
      findSuspects: 'margin.findSuspects',
    };
    const dataset = this.follower?.config.config.train_file;
    const target =
      name === 'train'
        ? undefined
        : name === 'openDataset'
          ? dataset && vscode.Uri.file(dataset)
          : this.follower?.folder;
    await vscode.commands.executeCommand(commands[name], target);
  }

  private async detail(): Promise<RunDetail> {
    const { runs } = this.services;
    const listed = await runs.ready();
    const follower = await this.followed(this.pinned ?? listed[0]?.folder ?? null);
    const { reveal } = this;
    this.reveal = null;
    if (follower) this.named(follower.run.name);
    const rewards = (await follower?.rewardSteps()) ?? { rewardSteps: [], rewardStep: null, startsAsReference: false };
    return {
      revision: this.revision,
      run: follower?.run ?? null,
      runs: listed.map(({ folder, name, status, state, created, scoring }) => ({
        folder,
        name,
        status,
        state,
        created,
        scoring,
      })),
      config: follower?.config ?? null,
      ...rewards,
      sampleSteps: follower ? follower.sampleSteps : [],
      sampleStep: follower ? follower.sampleStep : null,
      remarks: follower ? follower.remarks(rewards.rewardStep !== null) : [],
      reading: follower && follower.reading,
      unreadable: follower?.error ? errorMessage(follower.error) : null,
      pins: (await follower?.readPins()) ?? [],
      curveMemory: curveMemory(this.services),
      preparing: runs.preparing,
      pinned: this.pinned ?? null,
      reveal,
    };
  }

  /** The follower of a run; opened if another run was followed. If a pinned run is gone, the newest replaces it. */
  private async followed(folder: string | null): Promise<RunFollower | null> {
    // Whoever asked for the other run has got its error.
    await this.opening?.catch(() => undefined);
    if (folder === this.follower?.folder) return this.follower;
    this.shown?.release();
    this.shown = null;
    if (folder === null) return null;
    this.opening = this.services.followers.follow(folder, () => this.changed());
    try {
      this.shown = await this.opening;
      if (this.disposed) this.shown.release();
    } catch (error) {
      if (this.pinned === null) throw error;
      this.pinned = null;
      return this.followed(this.services.runs.runs.find((run) => run.folder !== folder)?.folder ?? null);
    } finally {
      this.opening = null;
    }
    return this.follower;
  }

  private changed(): void {
    this.revision++;
    const wait = Math.max(settleMs, this.told + paceMs - performance.now());
    this.pending ??= setTimeout(() => {
      this.pending = null;
      this.told = performance.now();
      this.channel.emit('changed', { revision: this.revision });
    }, wait);
  }
}

/** The last lines of a file. */
async function endOf(path: string, lines: number): Promise<string> {
  return (await readEnd(path, logBytes)).split('\n').slice(-lines).join('\n');
}
