// mutations_test.mjs (GEN_SEED, GEN_COUNT) - the requests of tests/data/exchanges, damaged: gen-sim refuses what is
// wrong in them as the provider would. It never fails itself, and never takes what it cannot have understood.
import assert from 'node:assert/strict';
import { createHmac, createSign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { accounts, start } from '../../clients/simulator.mjs';

let seed = Number(process.env.GEN_SEED ?? 1);
const count = Number(process.env.GEN_COUNT ?? 2500);
const below = (n) => {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return (seed >> 8) % n;
};
const odd = [null, true, 0, -1, 1e300, 5.5, '', 'x', '\u0000', 'é'.repeat(30), [], {}, [[]], [null], { type: 1 },
  { type: 'url' }, { $: 1 }, ['a', 1, {}], 'data:image/png;base64,xx', 'gs://', 'https://a.b/c'];

// One value somewhere inside is replaced, added or left out.
function damaged(value) {
  if (value === null || typeof value !== 'object') return odd[below(odd.length)];
  const keys = Object.keys(value);
  const copy = Array.isArray(value) ? [...value] : { ...value };
  const what = below(10);
  const key = keys[below(Math.max(keys.length, 1))];
  if (keys.length === 0 || what === 0) {
    if (Array.isArray(copy)) copy.push(odd[below(odd.length)]);
    else copy[`k${below(9)}`] = odd[below(odd.length)];
  } else if (what === 1 && !Array.isArray(copy)) delete copy[key];
  else copy[key] = what === 2 ? odd[below(odd.length)] : damaged(copy[key]);
  return copy;
}

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = Math.floor(Date.now() / 1000);

function klingToken() {
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iss: accounts.kling.key, exp: now + 1800, nbf: now - 5 })}`;
  return `${text}.${createHmac('sha256', accounts.kling.secret).update(text).digest('base64url')}`;
}

async function googleToken(account) {
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iss: account.client_email, aud: account.token_uri,
    scope: 'https://www.googleapis.com/auth/cloud-platform', iat: now, exp: now + 600 })}`;
  const assertion = `${text}.${createSign('RSA-SHA256').update(text).sign(account.private_key).toString('base64url')}`;
  const answer = await fetch(account.token_uri, { method: 'POST', body: new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }) });
  return (await answer.json()).access_token;
}

// The POSTs whose body is plain JSON; what stands for a picture or a long text becomes a short text.
function requests() {
  return Object.keys(accounts).flatMap((provider) =>
    readFileSync(new URL(`../../data/exchanges/${provider}.jsonl`, import.meta.url), 'utf8').trim().split('\n')
      .map((line) => JSON.parse(line).request)
      .filter(({ method, path, body }) => method === 'POST' && body && !path.includes('${') &&
        !Object.keys(body).some((key) => key.startsWith('$')))
      .map((request) => ({ provider, ...request, body: JSON.parse(JSON.stringify(request.body)
        .replaceAll(/\{"\$(?:base64|text)":[^}]*\}/g, '"iVBORw0KGgo="')) })));
}

test(`${count} damaged requests from seed ${seed}`, { timeout: 240000 }, async () => {
  const sim = await start(process.env.GEN_SIM, 1000);
  try {
    const bearer = { kling: klingToken(), google: await googleToken(sim.account), runway: accounts.runway.key };
    const all = requests();
    const statuses = new Map();
    for (let i = 0; i < count; i++) {
      const request = all[below(all.length)];
      let { body } = request;
      for (let times = 1 + below(3); times > 0; times--) body = damaged(body);
      const answer = await fetch(`${sim.origin}/${request.base ?? request.provider}${request.path}`, { method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': accounts.heygen.key,
          'x-goog-api-key': accounts.google.key, 'x-runway-version': '2024-11-06',
          authorization: `Bearer ${bearer[request.provider]}` }, body: JSON.stringify(body) });
      const text = await answer.text();
      assert.ok(answer.status < 500, `${answer.status} ${request.path} ${JSON.stringify(body)}: ${text}`);
      assert.doesNotThrow(() => JSON.parse(text), `${request.path}: ${text}`);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      if (answer.status === 200) await sim.control('POST', '/reset').then(async () => {
        bearer.google = await googleToken(sim.account);
      });
    }
    assert.ok((statuses.get(400) ?? 0) > count / 2, JSON.stringify([...statuses]));
    assert.equal(statuses.get(401), undefined, 'the damage never got past the credentials');
  } finally {
    await sim.stop();
  }
});
