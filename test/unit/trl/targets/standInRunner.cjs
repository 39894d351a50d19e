// Stands in for runner.py: writes events.jsonl, state.json and checkpoints as it does, and obeys control.json. It takes
// STEPS steps, the first argument, of MS milliseconds, the second one. Of a real job it tells the held-out pairs, and its
// last evaluation has an accuracy of beta.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = process.env.MARGIN_RUN_FOLDER;
const steps = Number(process.argv[2]);
const ms = Number(process.argv[3]);
const at = (...names) => path.join(folder, ...names);
const stepName = (step) => `step-${String(step).padStart(6, '0')}`;
const saved = fs.existsSync(at('checkpoints')) ? fs.readdirSync(at('checkpoints')) : [];
const job = fs.existsSync('job.json') ? JSON.parse(fs.readFileSync('job.json', 'utf8')) : null;
const held = job?.held ? { held_out: job.held.rows } : {};
const done = Math.max(0, ...saved.map((name) => Number(name.slice(5))));

function write(name, value) {
  fs.writeFileSync(at(`${name}.new`), `${JSON.stringify(value)}\n`);
  fs.renameSync(at(`${name}.new`), at(name));
}

function say(status, step) {
  const machine = { host: os.hostname(), boot: null, namespace: null };
  const speed = { rows_read: null, eta: null, pairs_per_second: 2, tokens_per_second: 100 };
  const rest = { best: null, memory: 1e8, error: null };
  write('state.json', {
    version: 1,
    status,
    pid: process.pid,
    machine,
    heartbeat: Date.now(),
    step,
    steps,
    ...speed,
    ...rest,
    ...held,
  });
}

function event(step, fields) {
  fs.appendFileSync(at('events.jsonl'), `${JSON.stringify({ t: Date.now(), step, ...fields })}\n`);
}

function save(step) {
  fs.mkdirSync(at('checkpoints', stepName(step)), { recursive: true });
  event(step, { kind: 'checkpoint', path: `checkpoints/${stepName(step)}` });
}

// Python keeps ignoring a signal that its shell ignored. Node does not.
process.on('SIGTERM', () => undefined);
console.log(`the stand-in begins at step ${done}`);
say('running', done);
function next(step) {
  if (JSON.parse(fs.readFileSync(at('control.json'), 'utf8')).want === 'stop') {
    save(step);
    say('stopped', step);
    return;
  }
  if (step === steps) {
    if (job?.held) event(step, { kind: 'eval', metrics: { 'eval_rewards/accuracies': job.arguments.beta } });
    save(step);
    say('done', step);
    return;
  }
  event(step + 1, { kind: 'train', metrics: { loss: 0.69 / (step + 1) } });
  say('running', step + 1);
  setTimeout(() => next(step + 1), ms);
}
next(done);
