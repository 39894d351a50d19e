import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { TaskQueue } from '../../base/pure/taskQueue';
import { Channel, type Handlers } from '../../protocol/channel';
import type { FormState, TrainFormHost, TrainFormView } from '../../protocol/trainForm';
import type { KeyEdit } from '../../run/configEdits';
import { formSections, readConfigForm } from '../../run/configForm';
import { previewPreset } from '../../run/presetEdits';
import { editConfigFile } from '../editConfigFile';
import type { Notices } from '../notices';
import { uriName } from '../uriName';
import { hostPort } from '../webviewHtml';
import { chooseTarget } from '../targets/chooseTarget';
import { pathFrom } from '../train/pathFrom';
import { askPath } from './askPath';
import { askPreset } from './askPreset';
import { type EstimateServices, LiveEstimate } from './liveEstimate';
import { RateTest } from './rateTest';

export interface TrainFormServices extends EstimateServices {
  readonly notices: Notices;
  /** Saves a config, shows its estimate and starts its run. */
  readonly start: (config: vscode.Uri) => Promise<void>;
  /** Opens a row in the pair editor. */
  readonly openRow: (file: string, row: number) => Promise<void>;
}

/** One form of a config. It writes into the text document, and shows what the document says, whoever changed it. */
export class TrainForm implements vscode.Disposable {
  private readonly channel: Channel<TrainFormHost, TrainFormView>;
  private readonly estimate: LiveEstimate;
  private readonly rates: RateTest;
  private readonly subscriptions: readonly vscode.Disposable[];
  /** Edits wait for each other: each one is made in the text that the one before it left. */
  private readonly editing = new TaskQueue();

  constructor(
    private readonly document: vscode.TextDocument,
    webview: vscode.Webview,
    private readonly services: TrainFormServices,
  ) {
    this.channel = new Channel(hostPort(webview), this.handlers());
    this.estimate = new LiveEstimate(services, document.uri.fsPath, () =>
      this.channel.emit('estimated', this.estimate.state),
    );
    this.rates = new RateTest(services.extension, document.uri.fsPath, () =>
      this.channel.emit('rated', this.rates.state),
    );
    this.subscriptions = [
      this.estimate,
      this.rates,
      vscode.workspace.onDidChangeTextDocument(({ document: changed, contentChanges }) => {
        if (changed === document && contentChanges.length > 0) this.tell();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.tell()),
    ];
  }

  dispose(): void {
    this.channel.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private handlers(): Handlers<TrainFormHost> {
    return {
      hello: () => {
        this.follow();
        return { sections: formSections, state: this.state(), estimate: this.estimate.state, rates: this.rates.state };
      },
      edit: ({ edits }) => this.edit(edits),
      choosePath: ({ name }) => this.choosePath(name),
      choosePreset: async () => {
        const preset = await askPreset();
        return preset && previewPreset(preset, this.document.getText());
      },
      estimate: ({ run }) => {
        if (run) this.estimate.start();
        else this.estimate.cancel();
        return null;
      },
      testRates: ({ run }) => this.testRates(run),
      closeRates: () => {
        this.rates.close();
        return null;
      },
      openText: async () => {
        await vscode.commands.executeCommand('vscode.openWith', this.document.uri, 'default');
        return null;
      },
      openRow: async ({ row }) => {
        const { trainFile } = this.estimate;
        if (trainFile !== null) await this.services.openRow(trainFile, row);
        return null;
      },
      start: async () => {
        await this.services.start(this.document.uri);
        return null;
      },
    };
  }

  private testRates(run: boolean): null {
    const { noRuns } = this.state();
    if (noRuns !== null) throw new MarginError('untrusted', noRuns);
    if (run) this.rates.start(this.document.getText());
    else this.rates.cancel();
    return null;
  }

  private tell(): void {
    this.channel.emit('changed', this.state());
    this.follow();
  }

  private follow(): void {
    this.estimate.follow(this.document.getText(), this.noRuns() === null);
  }

  private state(): FormState {
    const { uri } = this.document;
    return { name: uriName(uri), form: readConfigForm(this.document.getText(), uri.fsPath), noRuns: this.noRuns() };
  }

  private noRuns(): string | null {
    if (this.document.uri.scheme !== 'file') return 'Only a config in a file on this disk can be trained.';
    return vscode.workspace.isTrusted ? null : 'Training loads models from the workspace, so it needs a trusted one.';
  }

  private edit(edits: readonly KeyEdit[]): Promise<FormState> {
    return this.editing.run(() => this.write(edits));
  }

  private async write(edits: readonly KeyEdit[]): Promise<FormState> {
    await editConfigFile(this.document, edits);
    return this.state();
  }

  private async choosePath(name: string): Promise<FormState> {
    if (name === 'target') {
      await chooseTarget(this.document.uri, this.services.notices);
      return this.state();
    }
    const folder = dirname(this.document.uri.fsPath);
    const path = await askPath(this.services.extension, this.services.notices, name, this.document.uri.fsPath);
    if (path === null) return this.state();
    return this.edit([{ name, json: JSON.stringify(pathFrom(folder, path)) }]);
  }
}
