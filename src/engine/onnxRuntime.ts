import type * as Ort from 'onnxruntime-node';
import { noRuntime } from '../base/node/nativeRuntime';
import { errorMessage } from '../base/pure/marginError';

// ONNX Runtime sends telemetry and keeps a device id in the user's cache folder, unless this variable is set before the
// first session opens (its docs/Privacy.md). The builds for Windows ignore it; there the system's event tracing
// decides.
process.env.ORT_DISABLE_TELEMETRY ??= '1';

/**
 * ONNX Runtime, loaded at the first call: Margin also runs where it has no native files, and most commands need none.
 *
 * @throws MarginError `no-runtime` if its files are missing or do not load on this system
 */
export function onnxRuntime(): typeof Ort {
  try {
    // Node keeps what it loaded.
    return require('onnxruntime-node') as typeof Ort;
  } catch (error) {
    throw noRuntime(errorMessage(error));
  }
}
