import { describe, expect, it } from 'vitest';
import type { adapterKeys } from '../../../src/run/keys/adapterKeys';
import type { backendKeys } from '../../../src/run/keys/backendKeys';
import type { dataKeys } from '../../../src/run/keys/dataKeys';
import type { evaluationKeys } from '../../../src/run/keys/evaluationKeys';
import type { KeyTable, TypeOf } from '../../../src/run/keys/key';
import { keys, keyTable } from '../../../src/run/keys/keys';
import type { lossKeys } from '../../../src/run/keys/lossKeys';
import type { optimizerKeys } from '../../../src/run/keys/optimizerKeys';
import type { TrainConfig } from '../../../src/run/types';

/** `true` only if the two types are the same. A constant of this type does not compile otherwise. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Whether a value of type `A` can be used as a `B`. */
type Fits<A, B> = [A] extends [B] ? true : false;

type Written = typeof dataKeys &
  typeof lossKeys &
  typeof optimizerKeys &
  typeof evaluationKeys &
  typeof adapterKeys &
  typeof backendKeys;
type With<Name extends keyof KeyTable, Change> = Omit<KeyTable, Name> & {
  readonly [N in Name]: Omit<Written[N], keyof Change> & Change;
};

/**
 * `npm run types` checks these tests: each constant is a statement about types, and does not compile if it is false.
 */
describe('the compiler', () => {
  it('finds a field of the config without a key, and a key without a field', () => {
    const sameNames: Same<keyof Written, keyof TrainConfig> = true;
    const oneMissing: Fits<Omit<KeyTable, 'beta'>, KeyTable> = false;
    const newField: Same<keyof Written, keyof (TrainConfig & { readonly gamma: number })> = false;
    const newKey: Same<keyof (Written & { readonly gamma: object }), keyof TrainConfig> = false;
    expect([sameNames, oneMissing, newField, newKey]).toEqual([true, false, false, false]);
  });

  it('accepts the table as it is, and refuses a default of another type', () => {
    const asItIs: Fits<Written, KeyTable> = true;
    const otherNumber: Fits<With<'beta', { readonly default: 0.2 }>, KeyTable> = true;
    const textForNumber: Fits<With<'beta', { readonly default: '0.1' }>, KeyTable> = false;
    const nullForNumber: Fits<With<'beta', { readonly default: null }>, KeyTable> = false;
    const unknownChoice: Fits<With<'trainer', { readonly default: 'ppo' }>, KeyTable> = false;
    const noDefault: Fits<With<'beta', { readonly default: undefined }>, KeyTable> = false;
    const ofTrainer: Fits<With<'loss_type', { readonly byTrainer: { readonly kto: 'kto' } }>, KeyTable> = false;
    expect([asItIs, otherNumber]).toEqual([true, true]);
    expect([textForNumber, nullForNumber, unknownChoice, noDefault, ofTrainer]).not.toContain(true);
  });

  it('refuses a kind of value that the field does not have', () => {
    const textForNumber: Fits<With<'beta', { readonly type: { readonly kind: 'text' } }>, KeyTable> = false;
    const choiceForText: Fits<With<'run_name', { readonly type: TypeOf<'a' | 'b'> }>, KeyTable> = false;
    const otherChoices: Fits<With<'dtype', { readonly type: TypeOf<'auto' | 'int8'> }>, KeyTable> = false;
    const nullable: Fits<With<'beta', { readonly nullable: true }>, KeyTable> = false;
    const notNullable: Fits<With<'eval_file', { readonly nullable: false }>, KeyTable> = false;
    expect([textForNumber, choiceForText, otherChoices, nullable, notNullable]).not.toContain(true);
  });

  it('finds a value of the config that a choice does not offer', () => {
    const trainers: Same<(typeof dataKeys)['trainer']['type']['of'][number], TrainConfig['trainer']> = true;
    const dtypes: Same<(typeof dataKeys)['dtype']['type']['of'][number], TrainConfig['dtype']> = true;
    const losses: Same<(typeof lossKeys)['loss_type']['type']['of'][number], TrainConfig['loss_type'][number]> = true;
    const devices: Same<(typeof adapterKeys)['device']['type']['of'][number], TrainConfig['device']> = true;
    expect([trainers, dtypes, losses, devices]).not.toContain(false);
  });
});

it('the list of keys has the names of the table, in its order', () => {
  expect(keys.map(({ name }) => name)).toEqual(Object.keys(keyTable));
});
