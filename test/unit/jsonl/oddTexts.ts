/** Pieces of texts that the checks of a row look for, and characters that JSON can hold in several ways. */
export const oddTexts: readonly string[] = [
  ...['.', ',', ' ', '  ', '\n', '\n\n', '\t', '\r', '\f', '\b', '\u0001', '\u007f', '"', '\\', '/', '\\n'],
  ...['é', 'àç', '。', '…', '”', '😀', '\u00a0', '\u0085', '\u2028', '\u202e', '\u3000', '\ufeff', '\uffff', '\ud800'],
  ...['</s>', '<|im_start|>', '[INST]', '[1]', '<div>', '<b', '<｜User｜>', '[img]', '<image>', '[/x', '<<SYS>>'],
  ...['data:image/png;base64,AA', '```', '```js\n1\n```', '\n```', 'a\n```', '\\n```', ' ```', '`'],
  ...['### Response:', '\n### Human: x', '### Title', 'USER: hi', '\n\nHuman: a', '\n\nAssistant: b', '\nUser: hi'],
  ...['\nUSER : hi', 'Human', '[{"role": "user"}]', '{"a": 1}', 'array([1])', 'A: ', '{{ question }}', '{x}', '{'],
  ...['josé@wombat.org', 'ann@wombat.org', 'a@b', '+49 170 555 1234', '\n+49 170 5551234', '12345678', '2024'],
  ...['4111 1111 1111 1111', 'DE89 3704 0044 0532 0130 00', 'hf_', 'ghp_', 'xoxb-1', 'AKIAIOSFODNN7ABCDEFG', '-ant-'],
  ...['ghp_abcdefghijklmnopqrstuvwxyzABCDEFGHIJ', 'Ã©', 'â€™', '\ufffd', 'Вопрос о чём-то большом и длинном'],
  ...['什么更大一些呢请告诉我一个答案吧谢谢你们', 'Большой и длинный ответ на этот вопрос', 'α', 'ÀÉ'],
  ...["I'm sorry, but I can't help", 'As an AI language model I cannot', '抱歉，我不能', '“I cannot help with that'],
  ...['Unfortunately, I am unable to', 'I apologize, but I cannot', 'However', '1', ')', 'x', 'As', 'Sure', '-5e3'],
];
