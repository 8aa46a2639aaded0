// google_test.mjs - Google's own client, @google/genai, drives gen-sim: Interactions, files, models with an
// API key; Veo on Vertex with a service account whose assertions google-auth-library signs.
import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { GoogleGenAI } from '@google/genai';
import { png } from './png.mjs';
import { accounts, isClip, start, until } from './simulator.mjs';

let sim;
let ai;
before(async () => {
  sim = await start(process.env.GEN_SIM, 1000);
  ai = new GoogleGenAI({ apiKey: accounts.google.key, httpOptions: { baseUrl: `${sim.origin}/google` } });
});
after(() => sim.stop());

const body = (more = {}) => ({ model: 'gemini-omni-1.2-flash', background: true, input: 'A kettle boils at dawn',
  labels: { attempt: 'att_42' }, ...more,
  response_format: { type: 'video', aspect_ratio: '9:16', resolution: '360p', duration: '3s', delivery: 'uri',
    ...more.response_format } });
const finished = (id) => until(`interaction ${id}`, 60, async () => {
  const now = await ai.interactions.get(id);
  return ['queued', 'in_progress'].includes(now.status) ? null : now;
});
const billed = async () => (await sim.control('GET', '/books')).tasks.map((task) => task.billedUsd ?? task.billed);

test('an interaction in the background: created, polled, its clip downloaded by uri', async () => {
  const created = await ai.interactions.create(body());
  assert.match(created.id, /^v1_/);
  assert.deepEqual(created.labels, { attempt: 'att_42' });
  const done = await finished(created.id);
  assert.equal(done.status, 'completed');
  assert.equal(done.usage.output_tokens_by_modality[0].modality, 'video');
  assert.equal(done.usage.total_output_tokens, 1738 * 3);
  const video = done.output_video ?? done.steps[0].content[0];
  assert.equal(video.mime_type, 'video/mp4');
  const file = join(tmpdir(), `gen-google-${process.pid}.mp4`);
  const name = /files\/\w+/.exec(video.uri)[0]; // the client reads names out of https links only
  await ai.files.download({ file: name, downloadPath: file });
  const bytes = await until('the download', 20, () => {
    try {
      const read = readFileSync(file);
      return read.length > 0 ? read : null;
    } catch {
      return null;
    }
  });
  rmSync(file);
  assert.ok(isClip(bytes), `${bytes.length} bytes are no clip`);
  const direct = await fetch(video.uri, { headers: { 'x-goog-api-key': accounts.google.key } });
  assert.deepEqual(Buffer.from(await direct.arrayBuffer()), bytes);
  assert.equal((await fetch(video.uri)).status, 403);
});

test('delivery inline: the bytes are in the answer', async () => {
  const created = await ai.interactions.create(body({ response_format: { delivery: 'inline' } }));
  const done = await finished(created.id);
  assert.ok(isClip(Buffer.from(done.steps[0].content[0].data, 'base64')));
});

test('cancel: a running one; not twice; delete', async () => {
  const slow = await start(process.env.GEN_SIM, 0.05);
  try {
    const other = new GoogleGenAI({ apiKey: accounts.google.key, httpOptions: { baseUrl: `${slow.origin}/google` } });
    const created = await other.interactions.create(body());
    const cancelled = await other.interactions.cancel(created.id);
    assert.equal(cancelled.status, 'cancelled');
    await assert.rejects(other.interactions.cancel(created.id), /cancel/);
    await other.interactions.delete(created.id);
    await assert.rejects(other.interactions.get(created.id), (error) => error.status === 400);
  } finally {
    await slow.stop();
  }
});

test('a refusal is completed, with a sentence and no clip, and not billed', async () => {
  await sim.control('PUT', '/faults', [{ match: { provider: 'google', method: 'POST' }, fault: { moderate: true } }]);
  const created = await ai.interactions.create(body());
  await sim.control('DELETE', '/faults');
  const done = await finished(created.id);
  assert.equal(done.status, 'completed');
  assert.equal(done.steps[0].content[0].type, 'text');
  assert.equal((await billed()).at(-1), 0);
});

test('bad requests: a duration in the wrong spelling, an unknown field, a retired model, a wrong key', async () => {
  const refused = (status) => (error) => error.status === status || error.statusCode === status;
  await assert.rejects(ai.interactions.create(body({ response_format: { duration: '3' } })), refused(400));
  await assert.rejects(ai.interactions.create(body({ response_format: { aspect_ratio: '4:3' } })), refused(400));
  await assert.rejects(ai.interactions.create(body({ generation_config: { seed: 7 } })), refused(400));
  await assert.rejects(ai.interactions.create(body({ model: 'gemini-omni-flash-preview' })), refused(404));
  const stranger = new GoogleGenAI({ apiKey: 'wrong', httpOptions: { baseUrl: `${sim.origin}/google` } });
  await assert.rejects(stranger.interactions.create(body()), refused(400));
  await assert.rejects(stranger.models.list(), /API key not valid/);
});

test('an uploaded picture begins a clip', async () => {
  const picture = new Blob([png(256)], { type: 'image/png' });
  const file = await ai.files.upload({ file: picture, config: { mimeType: 'image/png', displayName: 'first' } });
  assert.equal(file.state, 'ACTIVE');
  assert.equal((await ai.files.get({ name: file.name })).sizeBytes, String(picture.size));
  const created = await ai.interactions.create(body({ input: [{ type: 'text', text: '<FIRST_FRAME> steam rises' },
    { type: 'image', mime_type: 'image/png', uri: file.uri }] }));
  assert.equal((await finished(created.id)).status, 'completed');
  await ai.files.delete({ name: file.name });
  await assert.rejects(ai.files.get({ name: file.name }), (error) => error.status === 403);
});

test('a file in several pieces: the client uploads resumably', async () => {
  const large = Buffer.concat([png(64), Buffer.alloc(20 * 1024 * 1024, 7)]); // the client cuts at 8 MiB
  const file = await ai.files.upload({ file: new Blob([large], { type: 'image/png' }), config: { mimeType: 'image/png' } });
  assert.equal(file.sizeBytes, String(large.length));
});

test('models are listed', async () => {
  const names = [];
  for await (const model of await ai.models.list()) names.push(model.name);
  assert.ok(names.includes('models/gemini-omni-1.2-flash'), names.join());
});

// The client library asks its fixed token endpoint; only that address is replaced.
function vertex(account, location = 'us-central1') {
  const fetchImplementation = (url, init) => fetch(String(url).replace('https://oauth2.googleapis.com/token',
    `${sim.origin}/token`), init);
  return new GoogleGenAI({ vertexai: true, project: account.project_id, location,
    googleAuthOptions: { credentials: account, clientOptions: { transporterOptions: { fetchImplementation } } },
    httpOptions: { baseUrl: `${sim.origin}/vertex` } });
}

const veo = (more = {}) => ({ model: 'veo-3.1-fast-generate-001', prompt: 'A kettle boils at dawn',
  config: { numberOfVideos: 1, durationSeconds: 4, aspectRatio: '16:9', resolution: '720p', generateAudio: false, ...more } });
const operated = (cloud, first) => until('operation', 60, async () => {
  const now = await cloud.operations.getVideosOperation({ operation: first });
  return now.done ? now : null;
});

test('Vertex: a clip inline', async () => {
  const cloud = vertex(sim.account);
  const done = await operated(cloud, await cloud.models.generateVideos(veo()));
  assert.equal(done.error, undefined);
  assert.ok(isClip(Buffer.from(done.response.generatedVideos[0].video.videoBytes, 'base64')));
});

test('Vertex: two clips in a bucket', async () => {
  const cloud = vertex(sim.account);
  const done = await operated(cloud, await cloud.models.generateVideos(veo({ numberOfVideos: 2, outputGcsUri: 'gs://bucket/att_7/' })));
  assert.deepEqual(done.response.generatedVideos.map((v) => v.video.uri),
    ['gs://bucket/att_7/sample_0.mp4', 'gs://bucket/att_7/sample_1.mp4']);
});

test('Vertex: filtered, failed', async () => {
  const cloud = vertex(sim.account);
  await sim.control('PUT', '/faults', [{ match: { provider: 'google', path: ':predictLongRunning' }, fault: { filtered: true } }]);
  const first = await cloud.models.generateVideos(veo());
  await sim.control('PUT', '/faults', [{ match: { provider: 'google', path: ':predictLongRunning' }, fault: { fail: true } }]);
  const second = await cloud.models.generateVideos(veo());
  await sim.control('DELETE', '/faults');
  const filtered = await operated(cloud, first);
  assert.equal(filtered.response.raiMediaFilteredCount, 1);
  assert.equal(filtered.response.generatedVideos, undefined);
  assert.equal((await operated(cloud, second)).error.code, 13);
  assert.deepEqual((await billed()).slice(-2), [0, 0]);
});

test('Vertex: what is wrong is refused', async () => {
  const cloud = vertex(sim.account);
  await assert.rejects(cloud.models.generateVideos(veo({ durationSeconds: 5 })), (error) => error.status === 400);
  await assert.rejects(cloud.models.generateVideos({ ...veo(), model: 'veo-3.0-generate-001' }), (error) => error.status === 404);
  await assert.rejects(vertex({ ...sim.account, project_id: 'other' }).models.generateVideos(veo()), (error) => error.status === 403);
  const forged = { ...sim.account, client_email: 'nobody@test-project.iam.gserviceaccount.com' };
  await assert.rejects(vertex(forged).models.generateVideos(veo()), /invalid_grant/);
});
