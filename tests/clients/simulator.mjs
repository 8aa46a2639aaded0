// simulator.mjs - starts gen-sim for tests and talks to its control API (sdk/simulator/README.md).
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// What the test accounts are called here, whatever gen-sim's own are.
export const accounts = {
  heygen: { key: 'sim-heygen-key' },
  kling: { key: 'sim-kling-access', secret: 'sim-kling-secret' },
  google: { key: 'sim-google-key' },
  runway: { key: `key_${'0123456789abcdef'.repeat(8)}` },
};

// Starts `program` at `speed` (how much faster than a vendor it renders) and waits until it listens:
// { origin, account (the service account's file), control(method, path, body), stop() }.
export async function start(program, speed, more = []) {
  const folder = mkdtempSync(join(tmpdir(), 'gen-sim-'));
  const file = join(folder, 'service-account.json');
  const child = spawn(program, ['--state', join(folder, 'state'), '--speed', String(speed), '--with-parent',
    '--service-account', file,
    ...Object.entries(accounts).flatMap(([provider, a]) => ['--account',
      `${provider}:name=test,key=${a.key}${a.secret ? `,secret=${a.secret}` : ''},usd=500,concurrency=20`]),
    ...more], { stdio: ['pipe', 'pipe', 'inherit'] });
  const origin = await new Promise((good, bad) => {
    let text = '';
    child.stdout.on('data', (data) => {
      text += data;
      const found = /listens on (http:\S+)/.exec(text);
      if (found) good(found[1]);
    });
    child.on('error', bad);
    child.on('exit', (code) => bad(new Error(`gen-sim ended with ${code} before it listened`)));
  });
  return {
    origin,
    account: JSON.parse(readFileSync(file, 'utf8')),
    async control(method, path, body) {
      const answer = await fetch(`${origin}/_sim${path}`, { method,
        headers: { 'content-type': 'application/json' }, body: body && JSON.stringify(body) });
      if (!answer.ok) throw new Error(`${method} /_sim${path}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    },
    // Ends it; rejects when it did not end well (a sanitizer's report, a crash).
    async stop() {
      const ended = child.exitCode === null && child.signalCode === null
        ? new Promise((over) => { child.on('exit', (code, signal) => over(signal ?? code)); })
        : Promise.resolve(child.signalCode ?? child.exitCode);
      child.kill('SIGTERM');
      const how = await ended;
      rmSync(folder, { recursive: true, force: true });
      if (how !== 0) throw new Error(`gen-sim ended with ${how}`);
    },
  };
}

// Asks `look` until it gives something, for at most `seconds`.
export async function until(what, seconds, look) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((go) => { setTimeout(go, 100); });
  }
}

export const isClip = (bytes) => bytes.length > 1000 && bytes.subarray(4, 8).toString('latin1') === 'ftyp';
