/** What is used here of the global object that the types of Node 20 leave out. */
declare const WebAssembly: {
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> };
};

/** Size of WebAssembly's pages. */
export const wasmPageBytes = 1 << 16;

/** A module that runs, with a memory of its own. */
export interface WasmInstance<Run> {
  readonly memory: ArrayBuffer;
  readonly run: Run;
}

/**
 * Starts a module of `moduleBytes`.
 *
 * @param name the function that it exports, which has the type `Run`
 * @param pages of {@link wasmPageBytes}
 */
export function wasmInstance<Run>(module: Uint8Array, name: string, pages: number): WasmInstance<Run> {
  const memory = new WebAssembly.Memory({ initial: pages });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module), { scan: { memory } });
  return { memory: memory.buffer, run: exports[name] as Run };
}
