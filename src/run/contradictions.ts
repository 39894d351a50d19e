import type { TrainConfig } from './types';

/** The values of a config that are valid by themselves; keys whose value is not are missing. */
export type Values = Readonly<Partial<TrainConfig>>;

/** A combination of keys that would train something else than was asked, or nothing. */
interface Contradiction {
  /** The key to blame. */
  readonly field: keyof TrainConfig;
  /** Names the keys and the fix; null where all is well. */
  readonly find: (values: Values) => string | null;
}

/** Objectives on the difference of rewards: elsewhere the partition function of an f-divergence does not cancel (TRL 1.16 refuses the same). */
const ofDifference = ['sigmoid', 'sigmoid_norm', 'hinge', 'ipo', 'exo_pair', 'robust', 'discopop', 'sft'];
const smoothed = ['robust', 'exo_pair', 'aot', 'aot_unpaired'];

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

/** What no single key can tell, in the order in which it is told. */
export const contradictions: readonly Contradiction[] = [
  {
    field: 'loss_weights',
    find: ({ loss_type: types, loss_weights: weights }) =>
      types && weights && types.length !== weights.length
        ? `loss_weights has ${weights.length} value${weights.length === 1 ? '' : 's'}, loss_type has ${types.length}: give one weight for each`
        : null,
  },
  {
    field: 'label_smoothing',
    find: ({ loss_type: types, label_smoothing: epsilon }) =>
      types?.includes('exo_pair') && epsilon === 0 ? 'label_smoothing must be above 0 with loss_type "exo_pair", whose loss is infinite at 0; 1e-3 is the paper’s' : null,
  },
  {
    field: 'label_smoothing',
    find: ({ loss_type: types = [], label_smoothing: epsilon = 0 }) =>
      epsilon > 0 && !types.some((type) => smoothed.includes(type))
        ? `label_smoothing has no effect on loss_type ${quoted(types)}: it is for ${quoted(smoothed)}${types.includes('sigmoid') ? '; for "sigmoid" use cdpo_label_smoothing' : ''}`
        : null,
  },
  {
    field: 'cdpo_label_smoothing',
    find: ({ loss_type: types = [], cdpo_label_smoothing: epsilon = 0 }) =>
      epsilon > 0 && !types.includes('sigmoid') ? `cdpo_label_smoothing smooths loss_type "sigmoid" alone, not ${quoted(types)}` : null,
  },
  {
    field: 'f_divergence_type',
    find: ({ loss_type: types = [], f_divergence_type: divergence = 'reverse_kl' }) => {
      const others = types.filter((type) => !ofDifference.includes(type));
      return divergence !== 'reverse_kl' && others.length > 0
        ? `f_divergence_type "${divergence}" has no meaning for loss_type ${quoted(others)}, which does not look at the difference of rewards alone; use reverse_kl, or one of ${quoted(ofDifference)}`
        : null;
    },
  },
  {
    field: 'adapter_name_or_path',
    find: ({ adapter_name_or_path: adapter, use_peft: lora }) => (typeof adapter === 'string' && lora === false ? 'adapter_name_or_path needs use_peft: true' : null),
  },
  { field: 'max_steps', find: ({ max_steps: steps }) => (steps === 0 ? 'max_steps must be above 0, or -1 to leave it to num_train_epochs' : null) },
  {
    field: 'warmup_steps',
    find: ({ warmup_steps: warmup = 0 }) =>
      warmup >= 1 && !Number.isInteger(warmup) ? `warmup_steps must be a whole number, or a fraction below 1, not ${warmup}` : null,
  },
];
