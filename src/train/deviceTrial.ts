import { errorMessage, MarginError } from '../base/pure/marginError';
import { at } from '../base/pure/must';
import { deviceNames, type DeviceName, type TrainConfig } from '../run/types';
import type { Measured } from './estimate/types';

/** How a device did in its trial. */
export interface DeviceTrial {
  readonly device: DeviceName;
  /** Seconds of the second step on a typical micro-batch; null: it cannot be used here. */
  readonly seconds: number | null;
  /** Why it cannot be used; '' if it can. */
  readonly why: string;
}

export interface DeviceChoice {
  readonly device: DeviceName;
  /** One sentence: the chosen device, and what every other device took or lacks. */
  readonly why: string;
}

/** The devices that ONNX Runtime's package may have on a system: DirectML is Windows', and no Mac has CUDA. */
export const candidatesOn = (platform: NodeJS.Platform): readonly DeviceName[] =>
  deviceNames.filter((name) => (name !== 'dml' || platform === 'win32') && (name !== 'cuda' || platform !== 'darwin'));

/**
 * Tries devices one after another with a dry run of the config: two steps on a typical micro-batch, of which the second
 * is timed, because the first compiles kernels. The fastest is chosen. On equal terms that is the CPU, on which runs
 * are the same to the bit.
 *
 * @param measure a dry run of a config, in a process of its own, because a driver may end it
 * @throws MarginError if the CPU cannot train the config; `interrupted`
 */
export async function chooseDevice(
  config: TrainConfig,
  candidates: readonly DeviceName[],
  measure: (config: TrainConfig) => Promise<Measured>,
): Promise<DeviceChoice> {
  const trials: DeviceTrial[] = [];
  for (const device of candidates) trials.push(await tryDevice(config, device, measure));
  const works = trials.flatMap(({ device, seconds }) => (seconds === null ? [] : [{ device, seconds }]));
  const fastest = at(
    works.toSorted((a, b) => a.seconds - b.seconds),
    0,
  );
  const others = trials.filter(({ device }) => device !== fastest.device).map(sentence);
  const chosen = `device "auto" is ${fastest.device}: ${time(fastest.seconds)} for a step of ${config.per_device_train_batch_size} pairs`;
  return { device: fastest.device, why: `${[chosen, ...others].join('; ')}.` };
}

/**
 * Two steps of a config on a device.
 *
 * @throws MarginError if the CPU cannot train the config; `interrupted`
 */
export async function tryDevice(
  config: TrainConfig,
  device: DeviceName,
  measure: (config: TrainConfig) => Promise<Measured>,
): Promise<DeviceTrial> {
  try {
    const { ended, phases } = await measure({ ...config, device });
    const seconds = phases.typical?.seconds ?? null;
    if (seconds !== null) return { device, seconds, why: '' };
    throw new MarginError('no-device', ended === 'done' ? 'its dry run took no step' : `its dry run was ${ended}`);
  } catch (error) {
    // A config that the CPU cannot train is wrong, whatever the device.
    if (device === 'cpu' || (error instanceof MarginError && error.code === 'interrupted')) throw error;
    return { device, seconds: null, why: shortened(errorMessage(error), device) };
  }
}

const sentence = ({ device, seconds, why }: DeviceTrial): string =>
  seconds === null ? `${device} cannot be used (${why})` : `${device} takes ${time(seconds)}`;

const time = (seconds: number): string => `${seconds.toPrecision(3)} s`;

/** The reason in an error of the engine, without the parts that this sentence says itself, on one line. */
function shortened(why: string, device: DeviceName): string {
  // The engine colours its messages.
  const line = why
    .replaceAll(/\p{Cc}\[[\d;]*m/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line
    .replace(`device "${device}" cannot be used here: `, '')
    .replace(/\.? ?\.? Set device to "cpu", or install what the device needs\.$/, '')
    .replace(/^\S*onnxruntime_src\S* .* was false\. /, '');
}
