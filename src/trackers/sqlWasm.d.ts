/** SQLite as WebAssembly as far as Margin uses it (https://sql.js.org/documentation). */
declare module 'sql.js/dist/sql-wasm.js' {
  export type SqlValue = number | string | Uint8Array | null;

  export interface Statement {
    bind(values: readonly SqlValue[]): boolean;
    step(): boolean;
    get(): SqlValue[];
    run(values: readonly SqlValue[]): void;
    free(): boolean;
  }

  export interface Database {
    exec(sql: string): unknown;
    prepare(sql: string): Statement;
    export(): Uint8Array;
    close(): void;
  }

  export interface SqlJs {
    readonly Database: new (image?: Uint8Array) => Database;
  }

  const load: (options: { readonly wasmBinary: Uint8Array }) => Promise<SqlJs>;
  export default load;
}
