import * as vscode from 'vscode';
import type { Handlers } from '../../protocol/channel';
import type { CurveMemory, RunPanelHost } from '../../protocol/runPanel';
import { changeNotes } from '../../run/notes';
import type { StepPin } from '../../run/stepPin';
import type { Notices } from '../notices';
import { saveExport } from '../statistics/saveExport';
import { curvesCsv } from './curvesCsv';
import type { RunFollower } from './runFollower';

/** Numbers of a page of points: with 8 bytes each, 240 KB. */
const pageNumbers = 30_000;
const memoryKey = 'margin.curves';
const undo = 'Undo';

export interface CurveServices {
  readonly notices: Notices;
  /** Of the workspace. */
  readonly memory: Pick<vscode.Memento, 'get' | 'update'>;
}

type Requests = 'curves' | 'points' | 'pin' | 'unpin' | 'saveCurves' | 'savePicture' | 'remember';

/** The requests of the Curves tab. @param run null while no run is shown */
export function curveHandlers(
  run: () => RunFollower | null,
  { notices, memory }: CurveServices,
): Pick<Handlers<RunPanelHost>, Requests> {
  const shown = async (task: (of: RunFollower) => Promise<unknown>): Promise<null> => {
    const of = run();
    if (of) await task(of).catch(notices.error);
    return null;
  };
  return {
    curves: ({ width, metrics }) =>
      run()?.sketch.thin(width, pageNumbers, metrics) ?? {
        steps: new Float64Array(0),
        times: new Float64Array(0),
        series: {},
        lastStep: 0,
      },
    points: ({ from, metrics }) =>
      run()?.curves.page(from, Math.floor(pageNumbers / (metrics.length + 2)), metrics) ?? {
        generation: 0,
        from: 0,
        length: 0,
        steps: new Float64Array(0),
        times: new Float64Array(0),
        series: {},
        notNumbers: {},
      },
    pin: ({ step }) => shown((of) => pin(of, step)),
    unpin: ({ step }) => shown((of) => unpin(of, step, notices)),
    saveCurves: () =>
      shown(async (of) => {
        const content = await curvesCsv(of.curves.columns(), of.curves.notNumberSteps());
        await saveExport(besides(of), { name: `${of.run.name}-curves.csv`, kind: 'csv', content }, notices);
      }),
    savePicture: (picture) =>
      shown((of) => saveExport(besides(of), { ...picture, name: `${of.run.name}-curves.${picture.kind}` }, notices)),
    remember: async (choices) => {
      await memory.update(memoryKey, choices);
      return null;
    },
  };
}

/** What {@link curveHandlers} remembered; null if nothing. */
export function curveMemory({ memory }: Pick<CurveServices, 'memory'>): CurveMemory | null {
  return memory.get<CurveMemory>(memoryKey) ?? null;
}

const besides = (of: RunFollower): vscode.Uri => vscode.Uri.file(of.config.config.train_file);

async function pin(of: RunFollower, step: number): Promise<void> {
  const before = of.pins.find((one) => one.step === step);
  const note = await vscode.window.showInputBox({
    title: `Pin a note at step ${step}`,
    prompt: 'It is kept in notes.json of the run',
    placeHolder: 'What happened here',
    value: before === undefined ? '' : before.note,
  });
  if (note !== undefined) await put(of, { step, note: note.trim(), at: new Date().toISOString() });
}

/** Adds a pin, or replaces the one of its step. */
async function put(of: RunFollower, added: StepPin): Promise<void> {
  await changeNotes(of.folder, ({ pins }) => ({
    pins: [...pins.filter(({ step }) => step !== added.step), added].sort((a, b) => a.step - b.step),
  }));
  of.touch();
}

async function unpin(of: RunFollower, step: number, notices: Notices): Promise<void> {
  const removed = of.pins.find((one) => one.step === step);
  if (!removed) return;
  await changeNotes(of.folder, ({ pins }) => ({ pins: pins.filter((one) => one.step !== step) }));
  of.touch();
  const message = `The pin at step ${step} is removed: ${removed.note}`;
  notices.info(message, undo).then(async (answer) => {
    if (answer === undo) await put(of, removed).catch(notices.error);
  }, notices.error);
}
