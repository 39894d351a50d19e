import type { Bpe } from './bpe';

const vocabSize = 768;
const special = ['<|endoftext|>', '<|im_start|>', '<|im_end|>'] as const;
/** Bytes and merges come after the special tokens. */
export const bpeSize = vocabSize - special.length;

const json = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;

/** A small Llama; 837,248 parameters with its tied head. */
export const modelConfig = {
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  hidden_size: 128,
  intermediate_size: 352,
  num_hidden_layers: 4,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 32,
  vocab_size: vocabSize,
  max_position_embeddings: 512,
  rms_norm_eps: 1e-5,
  rope_theta: 10000,
  hidden_act: 'silu',
  initializer_range: 0.02,
  tie_word_embeddings: true,
  attention_bias: false,
  mlp_bias: false,
  bos_token_id: 0,
  eos_token_id: 2,
  dtype: 'float32',
};

const chatTemplate =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

/** tokenizer.json: byte-level BPE with {@link special} tokens in front. */
function tokenizerOf({ vocabulary, merges }: Bpe): object {
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      vocab: Object.fromEntries([...special, ...vocabulary].map((token, id) => [token, id])),
      merges: merges.map((pair) => pair.join(' ')),
    },
  };
}

/** The text files of the model folder, in Hugging Face's layout. */
export function modelTextFiles(bpe: Bpe): Record<string, string> {
  return {
    'config.json': json(modelConfig),
    'generation_config.json': json({ bos_token_id: 0, eos_token_id: 2, do_sample: false }),
    'tokenizer.json': json(tokenizerOf(bpe)),
    'tokenizer_config.json': json({
      tokenizer_class: 'PreTrainedTokenizerFast',
      bos_token: special[0],
      eos_token: special[2],
      pad_token: special[0],
      clean_up_tokenization_spaces: false,
      model_max_length: 512,
      chat_template: chatTemplate,
    }),
  };
}
