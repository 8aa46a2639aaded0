// others.mjs - the same expressions, read from standard input ("name<TAB>text" a line), in two engines
// from npm. Prints "engine name nanoseconds": the median of nine timings.
import { readFileSync } from 'node:fs';
import { Environment } from '@marcbachmann/cel-js';
import { plan, parse, celEnv } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';

const rows = readFileSync(0, 'utf8').trim().split('\n').map((line) => line.split('\t'));
const context = {
  job: {
    budget: 20.5, tier: 2n, needs: ['text_overlay', 'lip_sync'], complexity: 5.5,
    title: 'The Summer Sale 2026 of Sunny Grove', presenterShare: 0.25, quality: 8.7, price: 1.5,
    highest: 2.4, reliability: 0.98, provider: 'heygen',
  },
  providers: ['heygen', 'kling', 'veo', 'runway', 'local'].map((name, i) => (
    { name, healthy: true, queue: i === 2 ? 7n : 1n })),
};

function measure(run) {
  const timings = [];
  let rounds = 2000;
  run();
  for (let i = 0; i < 9; i++) {
    const begin = process.hrtime.bigint();
    for (let round = 0; round < rounds; round++) run();
    const took = Number(process.hrtime.bigint() - begin);
    timings.push(took / rounds);
    rounds = Math.max(2000, Math.min(200000, Math.round(1e8 / (took / rounds))));
  }
  return timings.sort((a, b) => a - b)[4];
}

const environment = new Environment({ unlistedVariablesAreDyn: true });
const bufbuild = celEnv({ funcs: strings });
const engines = {
  'cel-js': (text) => { const program = environment.parse(text); return () => program(context); },
  bufbuild: (text) => { const program = plan(bufbuild, parse(text)); return () => program(context); },
};
for (const [engine, compile] of Object.entries(engines)) {
  for (const [name, text] of rows) {
    try {
      const run = compile(text);
      const value = run();
      if (value instanceof Error || (value && value.kind === 'error')) throw new Error(String(value));
      console.log(engine, name, measure(run).toFixed(1));
    } catch (error) {
      console.log(engine, name, '-', String(error.message ?? error).split('\n')[0]);
    }
  }
}
