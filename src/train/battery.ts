import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The kernel's list of power supplies (Linux, `Documentation/ABI/testing/sysfs-class-power`). */
const supplies = '/sys/class/power_supply';

/** Whether the machine runs on its battery; null if it has none, or the system does not say (Windows). */
export async function isOnBattery(platform: NodeJS.Platform = process.platform): Promise<boolean | null> {
  if (platform === 'linux') return onBatteryOfLinux(supplies);
  if (platform !== 'darwin') return null;
  // Without pmset the system does not say.
  const status = await promisify(execFile)('pmset', ['-g', 'batt']).catch(() => null);
  return status === null ? null : onBatteryOfMac(status.stdout);
}

/** @param folder `/sys/class/power_supply`, which is missing on other systems and in some containers */
export async function onBatteryOfLinux(folder: string): Promise<boolean | null> {
  const names = await readdir(folder).catch((): string[] => []);
  const found = await Promise.all(names.map((name) => supplyOf(join(folder, name))));
  // A mouse has a battery too; only the system's own counts.
  const batteries = found.filter(({ type, scope }) => type === 'Battery' && scope !== 'Device');
  if (batteries.length === 0) return null;
  const mains = found.filter(({ type }) => type !== 'Battery' && type !== '');
  if (mains.some(({ online }) => online === '1')) return false;
  return mains.length > 0 || batteries.some(({ status }) => status === 'Discharging');
}

async function supplyOf(folder: string): Promise<Record<'type' | 'scope' | 'online' | 'status', string>> {
  const read = async (name: string): Promise<string> =>
    (await readFile(join(folder, name), 'utf8').catch(() => '')).trim();
  const [type, scope, online, status] = await Promise.all([
    read('type'),
    read('scope'),
    read('online'),
    read('status'),
  ]);
  return { type, scope, online, status };
}

/** @param text what `pmset -g batt` prints */
export function onBatteryOfMac(text: string): boolean | null {
  if (!text.includes('InternalBattery')) return null;
  return text.includes("'Battery Power'");
}

export const batteryNote =
  'The machine runs on its battery. If it turns off, the run can be resumed from its last checkpoint; save_steps says how often there is one';
