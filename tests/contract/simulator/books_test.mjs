// books_test.mjs - what gen-sim bills for HeyGen and Google: the price tables of the fact sheets, one job for
// one idempotency key, nothing for what failed. GEN_SIM names the program.
import assert from 'node:assert/strict';
import { createSign } from 'node:crypto';
import { after, before, test } from 'node:test';
import { accounts, start, until } from '../../clients/simulator.mjs';

let sim;
before(async () => { sim = await start(process.env.GEN_SIM, 1000); });
after(() => sim.stop());

const books = () => sim.control('GET', '/books');
const last = async () => (await books()).tasks.at(-1);
const ended = () => until('the render', 60, async () => {
  const task = await last();
  return ['queued', 'throttled', 'running'].includes(task.state) ? null : task;
});

async function post(path, body, headers) {
  const answer = await fetch(sim.origin + path, { method: 'POST', body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers } });
  return { status: answer.status, body: await answer.json() };
}
const heygen = (body, headers = {}) => post('/heygen/v3/videos', body, { 'x-api-key': accounts.heygen.key, ...headers });
const avatar = (more = {}) => ({ type: 'avatar', avatar_id: 'look_1', script: 'Meet the new kettle.', resolution: '720p', ...more });
const micros = (usd) => Math.round(usd * 1e6);

test('google: downloads of the account "redirecting" lead to a signed link', async () => {
  const key = 'sim-google-redirecting';
  const made = await post('/google/v1beta/interactions', { model: 'gemini-omni-1.1-flash', background: true, input: 'A kettle',
    response_format: { type: 'video', duration: '3s', resolution: '360p', delivery: 'uri' } }, { 'x-goog-api-key': key });
  const url = `${sim.origin}/google/v1beta/interactions/${made.body.id}`;
  const done = await until('the clip', 60, async () => {
    const now = await (await fetch(url, { headers: { 'x-goog-api-key': key } })).json();
    return now.status === 'completed' ? now : null;
  });
  const answer = await fetch(done.steps[0].content[0].uri, { headers: { 'x-goog-api-key': key }, redirect: 'manual' });
  assert.equal(answer.status, 302);
  assert.equal((await fetch(answer.headers.get('location'))).status, 200);
});

// name, body, dollars a second (or in all, where it is flat)
const prices = [
  ['a twin on the usual engine', avatar(), 0.0667],
  ['a twin on avatar_v', avatar({ engine: { type: 'avatar_v' } }), 0.0667],
  ['a twin in 4k', avatar({ resolution: '4k' }), 0.0833],
  ['a twin on avatar_iii', avatar({ engine: { type: 'avatar_iii' } }), 0.0167],
  ['a studio avatar', avatar({ avatar_id: 'look_2', voice_id: 'voc_4' }), 0.0667],
  ['a photo avatar', avatar({ avatar_id: 'look_photo' }), 0.05],
  ['a photo avatar on avatar_iii', avatar({ avatar_id: 'look_photo', engine: { type: 'avatar_iii' } }), 0.0433],
  ['a picture', { type: 'image', image: { type: 'url', url: 'https://cdn.example.com/a.png' }, script: 'Hello.', voice_id: 'voc_1', resolution: '720p' }, 0.05],
];
for (const [name, body, rate] of prices) {
  test(`heygen bills the rendered seconds: ${name}`, async () => {
    assert.equal((await heygen(body)).status, 200);
    const task = await last();
    assert.ok(task.durationMs > 500, `${task.durationMs} ms`);
    assert.equal(micros(task.billIfUsd.done), Math.ceil(micros(rate) * task.durationMs / 1000 - 1e-6));
  });
}

test('heygen: a cinematic avatar costs 7 dollars, however long', async () => {
  for (const duration of [4, 15]) {
    await heygen({ type: 'cinematic_avatar', prompt: 'x', avatar_id: ['look_1'], duration });
    assert.equal((await last()).billIfUsd.done, 7);
  }
});

test('heygen: length follows the script and the speed', async () => {
  const length = async (more) => {
    assert.equal((await heygen(avatar(more))).status, 200);
    return (await last()).durationMs;
  };
  const script = 'Meet the new kettle. It boils in a minute, and it never whistles.';
  const plain = await length({ script });
  assert.ok(plain > script.length * 1000 / 14.5, `${plain} ms`);
  assert.ok(Math.abs(await length({ script, voice_settings: { speed: 0.5 } }) - 2 * plain) < 400);
  assert.ok(await length({ script: script + script }) > 1.8 * plain);
});

test('heygen: one key, one job; an account that does not honour keys has two', async () => {
  const jobs = async (key) => {
    const count = (await books()).tasks.length;
    const ids = new Set();
    for (let i = 0; i < 3; i++) {
      ids.add((await heygen(avatar(), { 'x-api-key': key, 'idempotency-key': 'att_1' })).body.data.video_id);
    }
    assert.equal((await books()).tasks.length - count, ids.size);
    return ids.size;
  };
  assert.equal(await jobs(accounts.heygen.key), 1);
  assert.equal(await jobs('sim-heygen-forgetful'), 3);
});

test('heygen: a refused request is not remembered under its key', async () => {
  const headers = { 'idempotency-key': 'att_2' };
  assert.equal((await heygen(avatar({ resolution: '480p' }), headers)).status, 400);
  assert.equal((await heygen(avatar(), headers)).status, 200);
});

test('heygen: what finished is billed, what failed or was refused is not', async () => {
  for (const [fault, state] of [[null, 'done'], [{ fail: true }, 'failed'], [{ moderate: true }, 'refused']]) {
    if (fault) await sim.control('PUT', '/faults', [{ match: { provider: 'heygen' }, fault }]);
    await heygen(avatar());
    await sim.control('DELETE', '/faults');
    const task = await ended();
    assert.equal(task.state, state);
    assert.equal(task.billedUsd, fault ? 0 : task.billIfUsd.done);
  }
});

test('heygen: deleting a running one does not save money, for there is no cancelling', async () => {
  const slow = await start(process.env.GEN_SIM, 2);
  try {
    const headers = { 'x-api-key': accounts.heygen.key, 'content-type': 'application/json' };
    const made = await (await fetch(`${slow.origin}/heygen/v3/videos`, { method: 'POST', headers, body: JSON.stringify(avatar()) })).json();
    const url = `${slow.origin}/heygen/v3/videos/${made.data.video_id}`;
    await until('it runs', 20, async () => (await (await fetch(url, { headers })).json()).data.status === 'processing');
    assert.equal((await fetch(url, { method: 'DELETE', headers })).status, 200);
    assert.equal((await fetch(url, { headers })).status, 404);
    const task = (await slow.control('GET', '/books')).tasks.at(-1);
    assert.equal(task.billedUsd, task.billIfUsd.done);
  } finally {
    await slow.stop();
  }
});

test('heygen: too many at once are told to wait', async () => {
  const slow = await start(process.env.GEN_SIM, 0.05, ['--account', `heygen:name=test,key=${accounts.heygen.key},concurrency=2`]);
  try {
    const answers = [];
    for (let i = 0; i < 3; i++) {
      answers.push(await fetch(`${slow.origin}/heygen/v3/videos`, { method: 'POST', body: JSON.stringify(avatar()),
        headers: { 'x-api-key': accounts.heygen.key, 'content-type': 'application/json' } }));
    }
    assert.deepEqual(answers.map((a) => a.status), [200, 200, 429]);
    assert.ok(Number(answers[2].headers.get('retry-after')) > 0);
  } finally {
    await slow.stop();
  }
});

const omni = (format) => post('/google/v1beta/interactions', { model: 'gemini-omni-1.2-flash', background: true, input: 'A kettle',
  response_format: { type: 'video', ...format } }, { 'x-goog-api-key': accounts.google.key });

test('google: Omni is billed by its tokens', async () => {
  for (const [format, usd] of [[{ duration: '8s' }, 0.81088], [{ duration: '3s', resolution: '360p' }, 0.091245],
    [{ duration: '3.5s', resolution: '1080p' }, 0.53214], [{}, 1.0136]]) {
    assert.equal((await omni(format)).status, 200);
    assert.equal((await last()).billIfUsd.done, usd);
  }
});

test('google: Veo is billed by second, size and sample', async () => {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iss: sim.account.client_email, aud: sim.account.token_uri,
    scope: 'https://www.googleapis.com/auth/cloud-platform', iat: now, exp: now + 600 })}`;
  const assertion = `${text}.${createSign('RSA-SHA256').update(text).sign(sim.account.private_key).toString('base64url')}`;
  const { access_token } = await (await fetch(sim.account.token_uri, { method: 'POST', body: new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }) })).json();
  const veo = (model, parameters) => post(`/vertex/v1/projects/test-project/locations/us-central1/publishers/google/models/${model}:predictLongRunning`,
    { instances: [{ prompt: 'A kettle' }], parameters }, { authorization: `Bearer ${access_token}` });
  for (const [model, parameters, usd] of [
    ['veo-3.1-generate-001', { durationSeconds: 8 }, 3.2],
    ['veo-3.1-generate-001', { durationSeconds: 4, resolution: '4k' }, 2.4],
    ['veo-3.1-fast-generate-001', { durationSeconds: 4, resolution: '1080p', sampleCount: 2 }, 0.96],
    ['veo-3.1-lite-generate-001', { durationSeconds: 6, resolution: '720p' }, 0.3],
  ]) {
    assert.equal((await veo(model, parameters)).status, 200);
    assert.equal((await last()).billIfUsd.done, usd);
  }
  assert.equal((await veo('veo-3.1-lite-generate-001', { resolution: '4k' })).status, 400);
});

test('google: who has nothing left is told so', async () => {
  await sim.control('POST', '/credit', { provider: 'google', account: 'test', usd: -500 });
  const answer = await omni({});
  assert.equal(answer.status, 429);
  assert.match(answer.body.error.message, /quota/);
});
