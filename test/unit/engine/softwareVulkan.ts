import { join } from 'node:path';
import { constants } from 'node:os';
import { unpackChromium } from '../../../src/dev/workbench/browser';

/** RTLD_NODELETE of glibc: the library stays when its handle is closed. */
const stays = 0x1000;

/**
 * Gives this process a software Vulkan, the SwiftShader of the Chromium that the browser tests use, before its first
 * session on WebGPU looks for one. Linux alone; where VK_DRIVER_FILES names a driver, that one is taken.
 */
export async function useSoftwareVulkan(): Promise<void> {
  if (process.platform !== 'linux' || process.env.VK_DRIVER_FILES !== undefined) return;
  const folder = await unpackChromium();
  process.env.VK_DRIVER_FILES = join(folder, 'vk_swiftshader_icd.json');
  try {
    // Whoever asks for libvulkan.so.1 by its name gets the one that is loaded; a search path can be set before a
    // process starts only.
    process.dlopen({ exports: {} }, join(folder, 'libvulkan.so.1'), constants.dlopen.RTLD_NOW | stays);
  } catch {
    // Loaded all the same: it is no add-on of Node's.
  }
}
