// Preloaded into a trainer: kills its process with SIGKILL at the STRIKE_AT-th file operation that changes something,
// after the operation has written the first STRIKE_PART of its bytes. So a write ends in the middle.
import fs from 'node:fs';
import fsp from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const strikeAt = Number(process.env.STRIKE_AT);
const part = Number(process.env.STRIKE_PART);
let operations = 0;

function patch(target, name, tear) {
  const original = target[name];
  target[name] = function (...args) {
    if (++operations === strikeAt) {
      tear?.call(this, ...args);
      process.kill(process.pid, 'SIGKILL');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    }
    return original.apply(this, args);
  };
}

const { writeSync, writeFileSync, appendFileSync } = fs;
const torn = (data) => {
  const bytes =
    typeof data === 'string' ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return bytes.subarray(0, Math.floor(part * bytes.length));
};
for (const name of ['rename', 'rm', 'mkdir', 'copyFile', 'utimes']) patch(fsp, name);
patch(fsp, 'writeFile', (path, data) => writeFileSync(path, torn(data)));
patch(fsp, 'appendFile', (path, data) => appendFileSync(path, torn(data)));
for (const name of ['renameSync', 'rmSync']) patch(fs, name);
patch(fs, 'writeFileSync', (path, data) => writeFileSync(path, torn(data)));
patch(fs, 'writeSync', (fd, data) => writeSync(fd, torn(data)));

const handle = await fsp.open(fileURLToPath(import.meta.url));
const fileHandle = Object.getPrototypeOf(handle);
await handle.close();
patch(fileHandle, 'sync');
for (const name of ['write', 'writeFile']) {
  patch(fileHandle, name, function (data) {
    writeSync(this.fd, torn(data));
  });
}
