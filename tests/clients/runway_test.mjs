// runway_test.mjs - Runway's own client, @runwayml/sdk, drives gen-sim.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import RunwayML, { TaskFailedError, toFile } from '@runwayml/sdk';
import { png } from './png.mjs';
import { accounts, isClip, start, until } from './simulator.mjs';

let sim;
let client;
const runway = (origin, apiKey = accounts.runway.key) => new RunwayML({ apiKey, baseURL: `${origin}/runway`, maxRetries: 0 });
before(async () => {
  sim = await start(process.env.GEN_SIM, 1000);
  client = runway(sim.origin);
});
after(() => sim.stop());

const kettle = { model: 'gen4.5', promptText: 'A kettle boils at dawn', ratio: '1280:720', duration: 2 };
const done = (task) => client.tasks.retrieve(task.id).waitForTaskOutput({ timeout: 60000 });

test('text to video: created, polled, downloaded', async () => {
  const task = await client.textToVideo.create(kettle);
  assert.match(task.id, /^[0-9a-f-]{36}$/);
  assert.deepEqual(task.estimatedCost, { credits: 24 });
  await until('the render', 30, async () => (await client.tasks.retrieve(task.id)).status === 'SUCCEEDED');
  const over = await done(task);
  assert.equal(over.cost.credits, 24);
  const clip = await fetch(over.output[0]);
  assert.equal(clip.status, 200);
  assert.ok(isClip(Buffer.from(await clip.arrayBuffer())));
});

test('waitForTaskOutput right after create', async () => {
  const over = await client.textToVideo.create({ ...kettle, seed: 7 }).waitForTaskOutput({ timeout: 60000 });
  assert.equal(over.status, 'SUCCEEDED');
});

test('image to video from an upload', async () => {
  const upload = await client.uploads.createEphemeral({ file: await toFile(png(512), 'first.png', { type: 'image/png' }) });
  assert.match(upload.uri, /^runway:\/\//);
  const task = await client.imageToVideo.create({ model: 'gen4_turbo', promptImage: upload.uri, ratio: '1280:720', duration: 2 });
  await until('the render', 30, async () => (await client.tasks.retrieve(task.id)).status === 'SUCCEEDED');
});

test('image to video from a data URI and from a link', async () => {
  const data = `data:image/png;base64,${png(320).toString('base64')}`;
  for (const promptImage of [data, 'https://cdn.example.com/a.png', [{ uri: data, position: 'first' }]]) {
    const task = await client.imageToVideo.create({ model: 'gen4.5', promptText: 'steam rises', promptImage, ratio: '960:960', duration: 2 });
    assert.ok(task.id);
  }
});

test('a running task is cancelled by delete, and gone', async () => {
  const slow = await start(process.env.GEN_SIM, 0.05);
  try {
    const other = runway(slow.origin);
    const task = await other.textToVideo.create(kettle);
    await other.tasks.delete(task.id);
    await assert.rejects(other.tasks.retrieve(task.id), RunwayML.NotFoundError);
  } finally {
    await slow.stop();
  }
});

test('a failed task throws with its failure code', async () => {
  await sim.control('PUT', '/faults', [{ match: { provider: 'runway', method: 'POST' }, fault: { moderate: true } }]);
  const task = await client.textToVideo.create(kettle);
  await sim.control('DELETE', '/faults');
  await until('the end', 30, async () => (await client.tasks.retrieve(task.id)).status === 'FAILED');
  await assert.rejects(done(task), (error) => error instanceof TaskFailedError &&
    error.taskDetails.failureCode.startsWith('SAFETY.'));
});

test('the organization', async () => {
  const before_ = await client.organization.retrieve();
  assert.ok(before_.creditBalance > 0);
  assert.ok(before_.tier.models['gen4.5'].maxConcurrentGenerations > 0);
  await client.textToVideo.create({ ...kettle, seed: 9 });
  const after_ = await client.organization.retrieve();
  assert.equal(after_.usage.models['gen4.5'].dailyGenerations, before_.usage.models['gen4.5'].dailyGenerations + 1);
});

test('what is wrong is refused', async () => {
  await assert.rejects(client.textToVideo.create({ ...kettle, ratio: '16:9' }), (error) =>
    error instanceof RunwayML.BadRequestError && JSON.stringify(error.error).includes('ratio'));
  await assert.rejects(client.textToVideo.create({ ...kettle, model: 'gen9' }), RunwayML.BadRequestError);
  await assert.rejects(client.textToVideo.create({ ...kettle, fps: 25 }), RunwayML.BadRequestError);
  await assert.rejects(client.textToVideo.create({ ...kettle, duration: 11 }), RunwayML.BadRequestError);
  await assert.rejects(client.tasks.retrieve('00000000-0000-4000-8000-000000000000'), RunwayML.NotFoundError);
  await assert.rejects(runway(sim.origin, `key_${'0'.repeat(128)}`).organization.retrieve(), RunwayML.AuthenticationError);
});

test('without credits: refused, with the text that the vendor is known for', async () => {
  await sim.control('POST', '/credit', { provider: 'runway', account: 'test', usd: -490 });
  try {
    const left = (await client.organization.retrieve()).creditBalance;
    await sim.control('POST', '/credit', { provider: 'runway', account: 'test', usd: -left / 100 });
    await assert.rejects(client.textToVideo.create(kettle), /You do not have enough credits to run this task/);
  } finally {
    await sim.control('POST', '/credit', { provider: 'runway', account: 'test', usd: 490 });
  }
});

test('a lost answer: the client buys twice, and the books say so', async () => {
  const bought = async () => (await sim.control('GET', '/books')).tasks.length;
  const first = await bought();
  await sim.control('PUT', '/faults', [{ match: { provider: 'runway', path: '/text_to_video' }, fault: { resetAfter: true }, times: 1 }]);
  const retrying = new RunwayML({ apiKey: accounts.runway.key, baseURL: `${sim.origin}/runway`, maxRetries: 2 });
  await retrying.textToVideo.create({ ...kettle, seed: 11 });
  await sim.control('DELETE', '/faults');
  assert.equal(await bought(), first + 2);
});
