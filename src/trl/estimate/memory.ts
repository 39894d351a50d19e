import type { HeaviestBatch, MemoryKeys, MemoryPart, ModelSizes } from './types';

/** Bytes of a weight in nf4: half a byte, and a float32 scale for each block of 64 (QLoRA, arXiv:2305.14314, §3). */
const fourBitBytes = 0.5 + 4 / 64;
/** AdamW's two moments of a value. */
const moments = 2;
/** `TOKEN_CHUNK_SIZE` and `_CHUNKED_LOGPROB_CHUNK_SIZE` of TRL 1.16: tiles of logits in DPO and KTO. */
const tile = { tokens: 4096, vocabulary: 32_768 };
/**
 * What PyTorch keeps for the backward pass beside inputs and outputs of linear layers, such as norms. Counted with
 * `saved_tensors_hooks` for SmolLM2-135M and the sample's model, all is 1.07 to 1.10 times those with LoRA, and 1.18 to
 * 1.21 times without.
 */
const keptBeside = 1.2;
/** DeepSpeed's default of `reduce_bucket_size` and `allgather_bucket_size`, in values. */
const bucketValues = 5e8;

/** How processes share the numbers of a run. */
export type Sharing = 'whole' | 'zero2' | 'zero3' | 'fsdp';

function sharingOf({ distributed_type: type, zero_stage: stage }: MemoryKeys): Sharing {
  if (type === 'FSDP') return 'fsdp';
  if (type === 'DEEPSPEED') return stage === 3 ? 'zero3' : 'zero2';
  return 'whole';
}

/**
 * Peak memory of one process of a TRL run, by its parts, in bytes.
 *
 * Model states follow ZeRO (Rajbhandari et al. 2020, arXiv:1910.02054, §3.1 and §5): weights, gradients and what the
 * optimizer keeps. ZeRO-2 divides the last two by the processes, ZeRO-3 and FSDP all three. torch's AdamW keeps its
 * moments in the type of the values; DeepSpeed also keeps a float32 copy. DDP copies gradients into buckets
 * (`gradient_as_bucket_view` is false). Activations are the inputs and outputs of all linear layers, as Korthikanti et
 * al. 2022 (arXiv:2205.05198, eq. 1) count them, without scores: attention is SDPA. With gradient checkpointing, the
 * input of each layer and one layer's activations. {@link keptBeside} adds the rest.
 *
 * Not counted: CUDA's context, gaps of the allocator, NCCL's buffers.
 */
export function memoryOf(keys: MemoryKeys, sizes: ModelSizes, batch: HeaviestBatch): MemoryPart[] {
  const parts = [
    weights(keys, sizes),
    adapter(keys, sizes),
    reference(keys, sizes),
    gradients(keys, sizes),
    buckets(keys, sizes),
    optimizer(keys, sizes),
    gathered(keys, sizes),
    casts(keys, sizes),
    activations(keys, sizes, batch),
    logits(keys, sizes, batch),
  ];
  return parts.filter(({ bytes }) => bytes > 0).map((part) => ({ ...part, bytes: Math.round(part.bytes) }));
}

const isShared = (keys: MemoryKeys): boolean => sharingOf(keys) !== 'whole';
/** Whether the weights themselves are divided, and not only gradients and the optimizer's state. */
const isSplit = (keys: MemoryKeys): boolean => sharingOf(keys) === 'zero3' || sharingOf(keys) === 'fsdp';

/** Bytes of a value that activations and gathered weights have. */
const computed = ({ mixed_precision: mixed, dtype }: MemoryKeys): number =>
  mixed === 'bf16' || dtype === 'bfloat16' ? 2 : 4;

/** Bytes of a frozen weight. DeepSpeed with bf16 casts the whole model. */
const stored = (keys: MemoryKeys): number =>
  keys.dtype === 'bfloat16' || (keys.distributed_type === 'DEEPSPEED' && keys.mixed_precision === 'bf16') ? 2 : 4;

/** Bytes of a trained value. PEFT keeps adapters in float32, and accelerate's FSDP upcasts what is trained. */
function trainedBytes(keys: MemoryKeys): number {
  if (keys.distributed_type === 'DEEPSPEED' && keys.mixed_precision === 'bf16') return 2;
  if (keys.use_peft || (keys.distributed_type === 'FSDP' && keys.mixed_precision === 'bf16')) return 4;
  return stored(keys);
}

function divided(keys: MemoryKeys, isDivided: boolean): { by: number; text: string } {
  const by = isDivided ? keys.num_processes : 1;
  return { by, text: by === 1 ? '' : `, divided by ${by} processes` };
}

const count = (values: number): string => `${values.toLocaleString('en')} values`;

function weights(keys: MemoryKeys, { parameters, linear }: ModelSizes): MemoryPart {
  const { by, text } = divided(keys, isSplit(keys));
  if (keys.load_in_4bit) {
    const rest = parameters - linear;
    const how = `${count(linear)} × ${fourBitBytes} bytes (nf4) + ${count(rest)} × 4${text}`;
    return { name: 'weights', bytes: (linear * fourBitBytes + rest * 4) / by, how };
  }
  const size = keys.use_peft ? stored(keys) : trainedBytes(keys);
  return { name: 'weights', bytes: (parameters * size) / by, how: `${count(parameters)} × ${size} bytes${text}` };
}

/** DPO and KTO compare with a copy of the adapter that the run starts from (TRL's adapter `ref`). */
function adapter(keys: MemoryKeys, { trained }: ModelSizes): MemoryPart {
  const [size, copies] = [trainedBytes(keys), hasReference(keys) ? 2 : 1];
  const { by, text } = divided(keys, isSplit(keys));
  const how = `${count(trained)} × ${size} bytes${copies === 1 ? '' : ' × 2, with the one compared with'}${text}`;
  return { name: 'adapter', bytes: keys.use_peft ? (trained * size * copies) / by : 0, how };
}

const hasReference = ({ trainer }: MemoryKeys): boolean => trainer === 'dpo' || trainer === 'kto';

/** Without an adapter, DPO and KTO compare with a second model. ZeRO-2 leaves it whole. */
function reference(keys: MemoryKeys, { parameters }: ModelSizes): MemoryPart {
  const { by, text } = divided(keys, isSplit(keys));
  const isThere = !keys.use_peft && hasReference(keys);
  const how = `${count(parameters)} × ${stored(keys)} bytes${text}`;
  return { name: 'reference model', bytes: isThere ? (parameters * stored(keys)) / by : 0, how };
}

function gradients(keys: MemoryKeys, { trained }: ModelSizes): MemoryPart {
  const { by, text } = divided(keys, isShared(keys));
  const how = `${count(trained)} × ${trainedBytes(keys)} bytes${text}`;
  return { name: 'gradients', bytes: (trained * trainedBytes(keys)) / by, how };
}

function buckets(keys: MemoryKeys, { trained }: ModelSizes): MemoryPart {
  const isDdp = sharingOf(keys) === 'whole' && keys.num_processes > 1;
  const isDeepspeed = keys.distributed_type === 'DEEPSPEED';
  const values = isDdp ? trained : isDeepspeed ? Math.min(trained, bucketValues) : 0;
  const how = `${count(values)} × ${trainedBytes(keys)} bytes, ${isDdp ? 'DDP’s copy of the gradients' : 'DeepSpeed’s reduce_bucket_size'}`;
  return { name: 'communication buckets', bytes: values * trainedBytes(keys), how };
}

function optimizer(keys: MemoryKeys, { trained }: ModelSizes): MemoryPart {
  const isDeepspeed = keys.distributed_type === 'DEEPSPEED';
  const size = isDeepspeed ? 4 * (moments + 1) : trainedBytes(keys) * moments;
  const { by, text } = divided(keys, isShared(keys));
  const how = `${count(trained)} × ${size} bytes (AdamW’s two moments${isDeepspeed ? ' and a float32 copy' : ''})${text}`;
  return { name: 'optimizer', bytes: (trained * size) / by, how };
}

/** Where weights are split, a layer and the one fetched ahead are whole, and so is what is in no layer. */
function gathered(keys: MemoryKeys, { parameters, linear, largestLayer }: ModelSizes): MemoryPart {
  const values = isSplit(keys) && keys.num_processes > 1 ? parameters - linear + 2 * largestLayer : 0;
  const how = `${count(values)} × ${computed(keys)} bytes: embedding, head, and two layers`;
  return { name: 'gathered weights', bytes: values * computed(keys), how };
}

/** Autocast makes a bf16 copy of each float32 weight that the backward pass needs (PyTorch, `torch.amp`). */
function casts(keys: MemoryKeys, { linear }: ModelSizes): MemoryPart {
  const isCast = keys.mixed_precision === 'bf16' && sharingOf(keys) === 'whole' && !keys.load_in_4bit;
  const bytes = isCast && stored(keys) === 4 ? linear * 2 : 0;
  return { name: 'bf16 copies', bytes, how: `${count(linear)} × 2 bytes, by autocast` };
}

function activations(keys: MemoryKeys, sizes: ModelSizes, { sequences, length }: HeaviestBatch): MemoryPart {
  const { layers, hidden, perToken, perTokenOfLayer } = sizes;
  const values = Math.ceil(
    keys.gradient_checkpointing ? layers * hidden + keptBeside * perTokenOfLayer : keptBeside * perToken,
  );
  const bytes = sequences * length * values * computed(keys);
  const how = `${sequences} sequences × ${length} tokens × ${count(values)} × ${computed(keys)} bytes`;
  return { name: 'activations', bytes, how };
}

/**
 * TRL's DPO and KTO compute logits tile by tile, and the gradient of a trained head in float32. Its CPO and ORPO keep
 * all logits, their log-softmax and their gradient.
 */
function logits(keys: MemoryKeys, sizes: ModelSizes, { sequences, length }: HeaviestBatch): MemoryPart {
  const { vocabulary, hidden } = sizes;
  const tokens = sequences * length;
  if (!hasReference(keys)) {
    const how = `${tokens.toLocaleString('en')} tokens × ${count(vocabulary)} × 4 bytes × 3: logits, log-softmax, gradient`;
    return { name: 'logits', bytes: tokens * vocabulary * 4 * 3, how };
  }
  const [rows, columns] = [Math.min(tokens, tile.tokens), Math.min(vocabulary, tile.vocabulary)];
  const head = keys.use_peft ? 0 : vocabulary * hidden * 4;
  const how = `a tile of ${rows} × ${columns.toLocaleString('en')} × ${computed(keys)} bytes${head === 0 ? '' : ', and the head’s gradient in float32'}`;
  return { name: 'logits', bytes: rows * columns * computed(keys) + head, how };
}
