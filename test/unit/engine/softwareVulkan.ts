import { join } from 'node:path';
import { constants } from 'node:os';
import { unpackChromium } from '../../../src/dev/workbench/browser';

/** RTLD_NODELETE of glibc: the library stays when its handle is closed. */
const stays = 0x1000;

/**
 * Loads a software Vulkan driver, the SwiftShader of the Chromium that the browser tests use. Call it before the first
 * WebGPU session. On Linux only; a driver that VK_DRIVER_FILES names has priority.
 */
export async function useSoftwareVulkan(): Promise<void> {
  if (process.platform !== 'linux' || process.env.VK_DRIVER_FILES !== undefined) return;
  const folder = await unpackChromium();
  process.env.VK_DRIVER_FILES = join(folder, 'vk_swiftshader_icd.json');
  try {
    // Code that opens libvulkan.so.1 by its name gets the library that is already loaded. A search path would have to
    // be set before the process starts.
    process.dlopen({ exports: {} }, join(folder, 'libvulkan.so.1'), constants.dlopen.RTLD_NOW | stays);
  } catch {
    // The library is loaded, although Node reports an error because it is not an add-on.
  }
}
