import { objectiveTexts, type ObjectiveName, type TrainerName } from './objectives';
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

/**
 * Objectives on the difference of rewards: elsewhere the partition function of an f-divergence does not cancel (TRL
 * 1.16 refuses the same).
 */
const ofDifference: readonly ObjectiveName[] = [
  'sigmoid',
  'sigmoid_norm',
  'hinge',
  'ipo',
  'exo_pair',
  'robust',
  'discopop',
  'sft',
];
/** What `label_smoothing` acts on, by trainer. */
const smoothed: Readonly<Record<TrainerName, readonly ObjectiveName[]>> = {
  dpo: ['robust', 'exo_pair', 'aot', 'aot_unpaired'],
  kto: [],
  cpo: ['sigmoid', 'simpo'],
  orpo: [],
};
/** Weighing pairs by the policy goes by pair, which the first two are sorted out of; TRL fails on all three. */
const unweighable: readonly ObjectiveName[] = ['aot', 'aot_unpaired', 'sft'];

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');
const trainersOf = (type: ObjectiveName): readonly TrainerName[] =>
  objectiveTexts.find(({ name }) => name === type)?.trainers ?? [];

/** A key that other trainers do not read may stand there only with its neutral value. */
function belongsTo<Field extends keyof TrainConfig>(
  field: Field,
  owner: TrainerName,
  neutral: TrainConfig[Field],
): Contradiction {
  return {
    field,
    find: ({ trainer = 'dpo', ...values }) => {
      const value = (values as Values)[field];
      return value !== undefined && value !== neutral && trainer !== owner
        ? `${field} is for trainer "${owner}"; leave it out with trainer "${trainer}"`
        : null;
    },
  };
}

const objectivesOfTrainers: readonly Contradiction[] = [
  {
    field: 'loss_type',
    find: ({ trainer = 'dpo', loss_type: types = [] }) => {
      const stranger = types.find((type) => !trainersOf(type).includes(trainer));
      if (stranger === undefined) return null;
      const own = objectiveTexts
        .filter(({ trainers }) => (trainers as readonly TrainerName[]).includes(trainer))
        .map(({ name }) => name);
      return `loss_type "${stranger}" is for trainer ${quoted(trainersOf(stranger))}; trainer "${trainer}" has ${quoted(own)}`;
    },
  },
  {
    field: 'loss_type',
    find: ({ trainer = 'dpo', loss_type: types = [] }) =>
      trainer !== 'dpo' && types.length > 1 ? `trainer "${trainer}" takes one loss_type; only dpo mixes them` : null,
  },
  {
    field: 'loss_weights',
    find: ({ loss_type: types, loss_weights: weights }) =>
      types && weights && types.length !== weights.length
        ? `loss_weights has ${weights.length} value${weights.length === 1 ? '' : 's'}, loss_type has ${types.length}: give one weight for each`
        : null,
  },
];

const smoothing: readonly Contradiction[] = [
  {
    field: 'label_smoothing',
    find: ({ loss_type: types, label_smoothing: epsilon }) =>
      types?.includes('exo_pair') && epsilon === 0
        ? 'label_smoothing must be above 0 with loss_type "exo_pair", whose loss is infinite at 0; 1e-3 is the paper’s'
        : null,
  },
  {
    field: 'label_smoothing',
    find: ({ trainer = 'dpo', loss_type: types = [], label_smoothing: epsilon = 0 }) => {
      if (epsilon === 0 || types.some((type) => smoothed[trainer].includes(type))) return null;
      const own = trainer === 'dpo' && types.includes('sigmoid') ? '; for "sigmoid" use cdpo_label_smoothing' : '';
      return `label_smoothing has no effect on trainer "${trainer}" with loss_type ${quoted(types)}${smoothed[trainer].length > 0 ? `: it is for ${quoted(smoothed[trainer])}` : ''}${own}`;
    },
  },
  belongsTo('cdpo_label_smoothing', 'dpo', 0),
  {
    field: 'cdpo_label_smoothing',
    find: ({ loss_type: types = [], cdpo_label_smoothing: epsilon = 0 }) =>
      epsilon > 0 && !types.includes('sigmoid')
        ? `cdpo_label_smoothing smooths loss_type "sigmoid" alone, not ${quoted(types)}`
        : null,
  },
];

const variants: readonly Contradiction[] = [
  belongsTo('f_divergence_type', 'dpo', 'reverse_kl'),
  belongsTo('ld_alpha', 'dpo', null),
  belongsTo('use_weighting', 'dpo', false),
  belongsTo('cpo_alpha', 'cpo', 1),
  belongsTo('simpo_gamma', 'cpo', 0.5),
  belongsTo('desirable_weight', 'kto', 1),
  belongsTo('undesirable_weight', 'kto', 1),
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
    field: 'use_weighting',
    find: ({ loss_type: types = [], use_weighting: weighting }) => {
      const others = types.filter((type) => unweighable.includes(type));
      return weighting === true && others.length > 0
        ? `use_weighting cannot weigh loss_type ${quoted(others)}, whose loss is not one of each pair`
        : null;
    },
  },
];

/** What rests on the order and number of rows, and on the reference. */
const conditions: readonly Contradiction[] = [
  {
    field: 'per_device_train_batch_size',
    find: ({ loss_type: types = [], per_device_train_batch_size: size }) =>
      types.includes('kto') && size === 1
        ? 'per_device_train_batch_size must be above 1 with loss_type "kto": its KL is estimated from the other rows of the batch'
        : null,
  },
  {
    field: 'train_sampling_strategy',
    find: ({ loss_type: types = [], train_sampling_strategy: strategy }) =>
      types.includes('kto') && strategy === 'random'
        ? 'train_sampling_strategy must be sequential with loss_type "kto": each row’s KL goes by the row before it; shuffle the file instead'
        : null,
  },
  {
    field: 'disable_dropout',
    find: ({ disable_dropout: off, use_peft: lora, lora_dropout: rate }) =>
      off !== false || (lora !== false && rate !== 0)
        ? null
        : 'disable_dropout: false lets lora_dropout act, which needs use_peft: true and a lora_dropout above 0',
  },
  {
    field: 'ref_model',
    find: ({ trainer = 'dpo', ref_model: held }) =>
      held === 'base' && (trainer === 'cpo' || trainer === 'orpo')
        ? `ref_model says what the reference is, and trainer "${trainer}" has none`
        : null,
  },
  {
    field: 'ref_model',
    find: ({ ref_model: held, sync_ref_model: sync }) =>
      held === 'base' && sync === true
        ? 'sync_ref_model moves the reference on from the start: leave out ref_model'
        : null,
  },
  {
    field: 'sync_ref_model',
    find: ({ trainer = 'dpo', sync_ref_model: sync }) =>
      sync === true && (trainer === 'cpo' || trainer === 'orpo')
        ? `sync_ref_model needs a reference, and trainer "${trainer}" has none`
        : null,
  },
  ...(['ref_model_mixup_alpha', 'ref_model_sync_steps'] as const).map((field): Contradiction => ({
    field,
    find: ({ sync_ref_model: sync, ...values }) => {
      const neutral = { ref_model_mixup_alpha: 0.6, ref_model_sync_steps: 512 }[field];
      return sync === false && values[field] !== undefined && values[field] !== neutral
        ? `${field} needs sync_ref_model: true`
        : null;
    },
  })),
];

/** Nothing is held out. Where one of the two keys is not valid itself, nothing can be said. */
const holdsNothing = ({ eval_file: file, test_split_size: part }: Values): boolean => file === null && part === 0;
/** Something asks which evaluation is the best. */
const asksForBest = ({
  metric_for_best_model: metric,
  load_best_model_at_end: load,
  early_stopping_patience: patience,
}: Values): boolean => (metric ?? null) !== null || load === true || (patience ?? null) !== null;

/** What is measured of rows that are not trained on, and what follows from it. */
const evaluation: readonly Contradiction[] = [
  {
    field: 'test_split_size',
    find: ({ eval_file: file, test_split_size: part = 0 }) =>
      typeof file === 'string' && part > 0
        ? 'test_split_size holds out rows of train_file, and eval_file names others: leave one of the two out'
        : null,
  },
  ...(
    [
      'eval_steps',
      'per_device_eval_batch_size',
      'metric_for_best_model',
      'load_best_model_at_end',
      'early_stopping_patience',
    ] as const
  ).map((field): Contradiction => ({
    field,
    find: (values) => {
      const neutral = {
        eval_steps: 0,
        per_device_eval_batch_size: 8,
        metric_for_best_model: null,
        load_best_model_at_end: false,
        early_stopping_patience: null,
      }[field];
      return holdsNothing(values) && values[field] !== undefined && values[field] !== neutral
        ? `${field} is about rows that are only measured, and there are none: name an eval_file, or hold out a part of train_file by test_split_size, such as 0.1`
        : null;
    },
  })),
  ...(['metric_for_best_model', 'load_best_model_at_end', 'early_stopping_patience'] as const).map(
    (field): Contradiction => ({
      field,
      find: (values) =>
        values.eval_steps === 0 && !holdsNothing(values) && asksForBest({ [field]: values[field] })
          ? `${field} compares evaluations as the run goes on: set eval_steps, such as 50`
          : null,
    }),
  ),
  {
    field: 'greater_is_better',
    find: (values) =>
      typeof values.greater_is_better === 'boolean' && !asksForBest(values)
        ? 'greater_is_better has no effect while nothing asks for the best evaluation: set metric_for_best_model, or leave it out'
        : null,
  },
  {
    field: 'early_stopping_threshold',
    find: ({ early_stopping_threshold: threshold = 0, early_stopping_patience: patience }) =>
      threshold > 0 && patience === null ? 'early_stopping_threshold needs early_stopping_patience' : null,
  },
];

/** What no single key can tell, in the order in which it is told. */
export const contradictions: readonly Contradiction[] = [
  ...objectivesOfTrainers,
  ...smoothing,
  ...variants,
  ...conditions,
  ...evaluation,
  {
    field: 'dtype',
    find: ({ dtype = 'auto', use_peft: lora }) =>
      lora === false && dtype !== 'auto' && dtype !== 'float32'
        ? `dtype "${dtype}" is for frozen weights: all weights are trained in float32; leave it out, or set use_peft: true`
        : null,
  },
  {
    field: 'dtype',
    find: ({ dtype = 'auto', device }) =>
      device === 'webgpu' && (dtype === 'float16' || dtype === 'bfloat16')
        ? `dtype "${dtype}" is not for device "webgpu", which takes weights in float32: leave it out`
        : null,
  },
  {
    field: 'adapter_name_or_path',
    find: ({ adapter_name_or_path: adapter, use_peft: lora }) =>
      typeof adapter === 'string' && lora === false ? 'adapter_name_or_path needs use_peft: true' : null,
  },
  {
    field: 'max_steps',
    find: ({ max_steps: steps }) =>
      steps === 0 ? 'max_steps must be above 0, or -1 to leave it to num_train_epochs' : null,
  },
  {
    field: 'warmup_steps',
    find: ({ warmup_steps: warmup = 0 }) =>
      warmup >= 1 && !Number.isInteger(warmup)
        ? `warmup_steps must be a whole number, or a fraction below 1, not ${warmup}`
        : null,
  },
];
