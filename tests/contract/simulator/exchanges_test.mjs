// exchanges_test.mjs GEN-SIM [PROVIDER [NAME]] - plays tests/data/exchanges/*.jsonl against gen-sim.
//
// Every exchange starts from a simulator without a past. What must be `given` is brought about through
// gen-sim's own control API; renders that wait, run or are over come from three simulators of different
// speeds. The format is described in tests/data/exchanges/README.md.
import { createHmac, createSign } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { png } from '../../clients/png.mjs';
import { accounts, isClip as isVideo, start } from '../../clients/simulator.mjs';

const [program, onlyProvider, onlyName] = process.argv.slice(2);
const folder = new URL('../../data/exchanges/', import.meta.url);
const speeds = { slow: 0.01, real: 2, fast: 1000 };

// ------------------------------------------------------------------------------- what is given

// What a sentence of `given` needs: which simulator, and which preparations before the request itself.
const renders = {
  'the render waits': ['slow'],
  'the render runs': ['real'],
  'the render is finished': ['fast'],
  'the render fails': ['fast', { fail: true }],
  'the render fails without a reason': ['fast', { fail: true, code: '', message: '' }],
  'the render is refused': ['fast', { moderate: true }],
  'the render ends with nothing': ['fast', { filtered: true, code: '' }],
  'the slots are taken': ['real'],
};
const refusals = {
  heygen: { status: 400, code: 'moderation_example', message: 'The text was blocked by content moderation.' },
  kling: { status: 400, code: '1301' },
};

// The fault for the last request alone, or null.
function lastFault(sentence, provider) {
  const answer = /^answer (\d+)(?: (\S+))?$/.exec(sentence);
  if (answer) return { status: Number(answer[1]), ...(answer[2] && /_|^\d+$|^[a-z]+$/.test(answer[2]) &&
    provider !== 'runway' ? { code: answer[2] } : {}) };
  const fast = /^too fast(?: for (\d+) s)?$/.exec(sentence);
  if (fast) return { status: 429, ...(fast[1] ? { retryAfter: Number(fast[1]) } : {}) };
  if (sentence === 'the prompt is refused') return refusals[provider];
  if (sentence === 'the first request is in flight') return { status: 409, code: 'request_in_progress' };
  return null;
}

// ------------------------------------------------------------------------- making the request

const files = { 'picture.png': png(512) };

const base64url = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

function jwt(kind) {
  const now = Math.floor(Date.now() / 1000);
  const { key, secret } = accounts.kling;
  const claims = { iss: kind === 'unknown key' ? 'nobody' : key,
    exp: now + (kind === 'expired' ? -60 : 1800), nbf: now + (kind === 'early' ? 600 : -5) };
  const text = `${base64url({ alg: 'HS256', typ: 'JWT' })}.${base64url(claims)}`;
  return `${text}.${createHmac('sha256', kind === 'wrong secret' ? 'wrong' : secret).update(text).digest('base64url')}`;
}

function assertion(sim, kind) {
  const now = Math.floor(Date.now() / 1000) - (kind === 'expired' ? 7200 : 0);
  const text = `${base64url({ alg: 'RS256', typ: 'JWT', kid: sim.account.private_key_id })}.${base64url({
    iss: sim.account.client_email, scope: 'https://www.googleapis.com/auth/cloud-platform',
    aud: sim.account.token_uri, iat: now, exp: now + 3600 })}`;
  const signed = createSign('RSA-SHA256').update(kind === 'wrong signature' ? `${text}x` : text);
  return `${text}.${signed.sign(sim.account.private_key).toString('base64url')}`;
}

async function token(sim) {
  const answer = await fetch(sim.account.token_uri, { method: 'POST', body: new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: assertion(sim, '') }) });
  return (await answer.json()).access_token;
}

function lookUp(path, answers) {
  const name = Object.keys(answers).filter((n) => path.startsWith(`${n}.`)).sort((a, b) => b.length - a.length)[0];
  if (name === undefined) throw new Error(`nothing answers \${${path}}`);
  let value = answers[name];
  for (const step of path.slice(name.length + 1).matchAll(/\[(\d+)\]|(headers\.[^.]+$)|([^.[]+)/g)) {
    if (step[2]) value = answers[name].$headers[step[2].slice(8)];
    else value = value?.[step[1] ?? step[3]];
  }
  if (value === undefined || value === null) throw new Error(`\${${path}} is not in the answer`);
  return value;
}

async function fill(text, context) {
  let out = text;
  for (const [whole, name] of text.matchAll(/\$\{([^}]+)\}/g)) {
    let value;
    if (name === 'key') value = accounts[context.provider].key;
    else if (name === 'token') value = await token(context.sim);
    else if (/^jwt(:|$)/.test(name)) value = jwt(name.slice(4));
    else if (/^assertion(:|$)/.test(name)) value = assertion(context.sim, name.slice(10));
    else if (name.startsWith('size:')) value = files[name.slice(5)].length;
    else value = lookUp(name, context.answers);
    out = out.replace(whole, () => String(value));
  }
  return out;
}

async function expand(value, context) {
  if (typeof value === 'string') return fill(value, context);
  if (Array.isArray(value)) return Promise.all(value.map((v) => expand(v, context)));
  if (value === null || typeof value !== 'object') return value;
  if ('$base64' in value) return (value.prefix ?? '') + files[value.$base64].toString('base64');
  if ('$size' in value) return files[value.$size].length;
  if ('$text' in value) return value.$text.repeat(value.times);
  const out = {};
  for (const [key, inner] of Object.entries(value)) out[key] = await expand(inner, context);
  return out;
}

async function bodyOf(body, context) {
  if (body === undefined) return undefined;
  if ('$bytes' in body) return files[body.$bytes];
  if ('$raw' in body) return body.$raw;
  if ('$form' in body) return new URLSearchParams(await expand(body.$form, context));
  if ('$multipart' in body) {
    const form = new FormData();
    for (const part of body.$multipart) {
      if (part.$from) for (const [k, v] of Object.entries(lookUp(part.$from, context.answers))) form.append(k, v);
      else form.append(part.name, new Blob([files[part.bytes]], { type: part.content_type }), part.filename);
    }
    return form;
  }
  return JSON.stringify(await expand(body, context));
}

async function ask(exchange, context) {
  const { request } = exchange;
  const headers = new Headers();
  const named = request.headers.$from ? lookUp(request.headers.$from, context.answers) : request.headers;
  for (const [name, value] of Object.entries(named)) {
    if (value !== null) headers.set(name, await fill(value, context));
  }
  const path = await fill(request.path, context);
  const url = path.startsWith('http') ? path : `${context.sim.origin}/${request.base ?? context.provider}${path}`;
  const answer = await fetch(url, { method: request.method, headers, redirect: 'manual',
    body: await bodyOf(request.body, context), signal: AbortSignal.timeout(60000) });
  const bytes = Buffer.from(await answer.arrayBuffer());
  let json;
  try { json = JSON.parse(bytes.toString()); } catch { json = undefined; }
  return { status: answer.status, headers: Object.fromEntries(answer.headers), bytes, json };
}

// ------------------------------------------------------------------------------- comparing

const types = {
  string: (v) => typeof v === 'string' && v !== '' || v === '',
  url: (v) => typeof v === 'string' && /^https?:\/\//.test(v),
  uuid: (v) => typeof v === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(v),
  integer: Number.isInteger,
  number: (v) => typeof v === 'number',
  decimal: (v) => typeof v === 'string' && /^-?\d+(\.\d+)?$/.test(v),
  time: (v) => typeof v === 'string' && !Number.isNaN(Date.parse(v)),
  boolean: (v) => typeof v === 'boolean',
  map: (v) => v !== null && typeof v === 'object' && !Array.isArray(v),
  list: Array.isArray,
  anything: () => true,
  'base64 of video/mp4': (v) => typeof v === 'string' && isVideo(Buffer.from(v, 'base64')),
};

function differs(wanted, got, where) {
  if (wanted !== null && typeof wanted === 'object' && '$any' in wanted) {
    const [type, orNull] = wanted.$any.split(' or ');
    if (!types[type]) throw new Error(`${where}: no type ${wanted.$any}`);
    return (orNull && got === null) || types[type](got) ? [] : [`${where}: ${JSON.stringify(got)} is no ${wanted.$any}`];
  }
  if (wanted === null || typeof wanted !== 'object') {
    return wanted === got ? [] : [`${where}: ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`];
  }
  if (Array.isArray(wanted)) {
    if (!Array.isArray(got) || got.length !== wanted.length) {
      return [`${where}: ${JSON.stringify(got)?.slice(0, 200)} instead of ${wanted.length} items`];
    }
    return wanted.flatMap((w, i) => differs(w, got[i], `${where}[${i}]`));
  }
  if (!types.map(got)) return [`${where}: ${JSON.stringify(got)} instead of a map`];
  const out = Object.keys(got).filter((key) => !(key in wanted)).map((key) => `${where}.${key}: not in the source`);
  for (const [key, inner] of Object.entries(wanted)) {
    const optional = inner !== null && typeof inner === 'object' && '$optional' in inner;
    if (!(key in got)) {
      if (!optional) out.push(`${where}.${key}: missing`);
    } else {
      out.push(...differs(optional ? inner.$optional : inner, got[key], `${where}.${key}`));
    }
  }
  return out;
}

async function compare(exchange, answer, context) {
  const wanted = await expand(exchange.response, context);
  const out = differs(wanted.status, answer.status, 'status');
  for (const [name, value] of Object.entries(wanted.headers)) {
    const optional = value !== null && typeof value === 'object' && '$optional' in value;
    if (!(name in answer.headers)) {
      if (!optional) out.push(`header ${name}: missing`);
    } else out.push(...differs(optional ? value.$optional : value, answer.headers[name], `header ${name}`));
  }
  if (wanted.body?.$file) {
    if (!isVideo(answer.bytes)) out.push(`body: not a clip (${answer.bytes.length} bytes)`);
  } else if (wanted.body !== undefined) out.push(...differs(wanted.body, answer.json, 'body'));
  if (out.length > 0) out.push(`answered: ${answer.status} ${answer.bytes.toString().slice(0, 600)}`);
  return out;
}

// --------------------------------------------------------------------------------- playing

const waiting = new Set(['the render waits', 'the render runs', 'the render is finished', 'the render fails',
  'the render fails without a reason', 'the render is refused', 'the render ends with nothing', 'the slots are taken']);

async function playUntilGood(exchange, context, seconds) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask(exchange, context);
    const wrong = await compare(exchange, answer, context);
    if (wrong.length === 0 || Date.now() > end) return { answer, wrong };
    await new Promise((go) => { setTimeout(go, 50); });
  }
}

async function play(exchange, provider, sims, all) {
  const given = exchange.given ?? [];
  const render = given.map((sentence) => renders[sentence]).find(Boolean) ?? ['fast'];
  const context = { provider, sim: sims[render[0]], answers: {} };
  await context.sim.control('POST', '/reset');
  await context.sim.control('DELETE', '/faults');
  await context.sim.control('POST', '/clock', { skewMs: 0 });
  if (render[1]) await context.sim.control('PUT', '/faults', [{ match: { provider }, fault: render[1] }]);
  if (given.includes('no credit')) {
    await context.sim.control('POST', '/credit', { provider, account: 'test', usd: -500 });
  }
  const seconds = given.some((sentence) => waiting.has(sentence)) ? 30 : 0;
  for (const name of exchange.after ?? []) {
    const earlier = all.find((e) => e.name === name);
    // what stands in `after` of an exchange may itself look at the render: then it is asked until it is so
    const patient = (earlier.given ?? []).some((sentence) => waiting.has(sentence)) ? 30 : 0;
    if (given.includes('the slots are taken')) for (let i = 0; i < 60; i++) await ask(earlier, context);
    const { answer, wrong } = await playUntilGood(earlier, context, patient);
    if (wrong.length > 0) return [`before it, "${name}":`, ...wrong];
    context.answers[name] = { ...(answer.json ?? {}), $headers: answer.headers };
  }
  for (const sentence of given) {
    const fault = lastFault(sentence, provider);
    if (fault) await context.sim.control('PUT', '/faults', [{ match: { provider }, fault }]);
    else if (sentence === 'the link has expired') await context.sim.control('POST', '/clock', { skewMs: 3 * 86400000 });
    else if (!renders[sentence] && sentence !== 'no credit') return [`nobody knows how to bring about "${sentence}"`];
  }
  return (await playUntilGood(exchange, context, seconds)).wrong;
}

async function main(sims) {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.jsonl')).sort()) {
    const provider = file.slice(0, -6);
    if (onlyProvider && provider !== onlyProvider) continue;
    const all = readFileSync(new URL(file, folder), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
    for (const exchange of all.filter((e) => !onlyName || e.name === onlyName)) {
      if (exchange.given?.includes('only the plugin')) {
        skipped++;
        continue;
      }
      let wrong;
      try {
        wrong = await play(exchange, provider, sims, all);
      } catch (error) {
        if (error.cause?.code === 'ECONNREFUSED') throw new Error(`gen-sim is gone, at ${provider}: ${exchange.name}`);
        wrong = [error.cause ? `${error.message}: ${error.cause.message}` : error.message];
      }
      if (wrong.length === 0) passed++;
      else {
        failed++;
        console.log(`FAILED ${provider}: ${exchange.name}\n  ${wrong.join('\n  ')}`);
      }
    }
  }
  console.log(`${passed} passed, ${failed} failed, ${skipped} for the plugin alone`);
  return failed === 0 && passed > 0;
}

const sims = {};
let good = false;
try {
  for (const [name, speed] of Object.entries(speeds)) sims[name] = await start(program, speed);
  good = await main(sims);
} catch (error) {
  console.log(error);
}
for (const sim of Object.values(sims)) {
  try {
    await sim.stop();
  } catch (error) {
    console.log(error);
    good = false;
  }
}
process.exitCode = good ? 0 : 1;
