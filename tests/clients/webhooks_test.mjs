// webhooks_test.mjs - what a real gend posts, checked by the package standardwebhooks and by the example of
// docs/webhooks.md; rotation, repeats, an idle receiver, and kill -9.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {Webhook} from 'standardwebhooks';

const here = path.dirname(fileURLToPath(import.meta.url));
const tree = path.join(here, '..', '..');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'gen-webhooks-'));

// The example stands in the document; it must run as it stands there.
const example = /```js\n([\s\S]*?)```/.exec(fs.readFileSync(path.join(tree, 'docs/webhooks.md'), 'utf8'))[1];
const module = path.join(here, `.example-${process.pid}.mjs`);
fs.writeFileSync(module, example);
const {receive} = await import(module);
fs.unlinkSync(module);

async function start() {
    const config = path.join(scratch, 'gend.yaml'), socket = path.join(scratch, 'sock');
    fs.writeFileSync(config, 'listen: none\nwebhooks: {allowPrivate: true}\n');
    const child = spawn(process.env.GEND, ['--state', path.join(scratch, 's'), '--socket', socket,
        '--config', config, '--policies', path.join(tree, 'policies')], {stdio: ['ignore', 'ignore', 'pipe']});
    const ended = new Promise((resolve) => child.on('exit', resolve));
    let log = '';
    await new Promise((resolve, reject) => {
        child.stderr.on('data', (data) => {
            log += data;
            if (log.includes('msg=ready')) {
                resolve();
            }
        });
        child.on('exit', (code) => reject(new Error(`gend ended with ${code}: ${log}`)));
    });
    return {
        ask: (method, route, body, headers = {}) => new Promise((resolve, reject) => {
            const text = body === undefined ? '' : JSON.stringify(body);
            const request = http.request({socketPath: socket, method, path: route, headers: body === undefined ? headers
                : {...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(text)}}, (response) => {
                let answer = '';
                response.on('data', (data) => { answer += data; });
                response.on('end', () => resolve({status: response.statusCode, headers: response.headers,
                    body: answer === '' ? null : JSON.parse(answer)}));
            });
            request.on('error', reject);
            request.end(text);
        }),
        end: async (signal = 'SIGTERM') => { child.kill(signal); await ended; },
    };
}

const got = [];
let answers = []; // statuses, then 200
const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (data) => { body += data; });
    request.on('end', () => {
        got.push({headers: request.headers, body});
        response.statusCode = answers.shift() ?? 200;
        response.end();
    });
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}/hook`;
const until = async (count) => {
    for (let i = 0; i < 600 && got.length < count; i++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.ok(got.length >= count, `${got.length} of ${count} came`);
};

test('webhooks', {timeout: 240000}, async () => {
    let gend = await start();
    let hook = (await gend.ask('POST', '/v1/webhooks', {url, events: ['webhook.*', 'daemon.*']})).body;
    const secret = hook.secret;
    assert.match(secret, /^whsec_/);
    assert.equal((await gend.ask('GET', `/v1/webhooks/${hook.id}`)).body.secret, undefined);

    // what is sent passes the package and the example, and nothing else does
    const edit = await gend.ask('PATCH', `/v1/webhooks/${hook.id}`, {title: 'one'}, {'if-match': '"1"'});
    assert.equal(edit.status, 200);
    await until(1);
    const {headers, body} = got[0];
    const event = new Webhook(secret).verify(body, headers);
    assert.equal(event.specversion, '1.0');
    assert.equal(event.type, 'genengine.webhook.updated');
    assert.equal(event.id, headers['webhook-id']);
    assert.equal(event.data.actor, 'user:owner');
    assert.deepEqual(receive(secret, headers, body), {id: event.id, type: event.type, details: event.data.details});
    assert.throws(() => new Webhook(secret).verify(body.replace('one', 'two') + ' ', headers));
    assert.throws(() => new Webhook('whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=').verify(body, headers));

    // two who edit at once
    assert.equal((await gend.ask('PATCH', `/v1/webhooks/${hook.id}`, {title: 'x'}, {'if-match': '"1"'})).status, 412);
    assert.equal((await gend.ask('PATCH', `/v1/webhooks/${hook.id}`, {title: 'x'})).status, 428);

    // both secrets sign for a day
    const next = (await gend.ask('POST', `/v1/webhooks/${hook.id}/rotate`)).body.secret;
    assert.notEqual(next, secret);
    await gend.ask('PATCH', `/v1/webhooks/${hook.id}`, {title: 'two'}, {'if-match': '*'});
    await until(3);
    new Webhook(secret).verify(got.at(-1).body, got.at(-1).headers);
    new Webhook(next).verify(got.at(-1).body, got.at(-1).headers);

    // an outage, and a kill in the middle of it: everything comes, in order, repeats with their id
    answers = [503, 500];
    await gend.ask('PATCH', `/v1/webhooks/${hook.id}`, {title: 'three'}, {'if-match': '*'});
    await gend.ask('PATCH', `/v1/webhooks/${hook.id}`, {title: 'four'}, {'if-match': '*'});
    await until(4);
    await gend.end('SIGKILL');
    gend = await start();
    await gend.ask('PATCH', `/v1/webhooks/${hook.id}`, {state: 'active'}, {'if-match': '*'});
    const numbers = () => got.map((one) => Number(JSON.parse(one.body).sequence));
    for (let i = 0; i < 400 && !got.some((one) => one.body.includes('daemon.started')); i++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const seen = numbers();
    assert.deepEqual(seen, [...seen].sort((a, b) => a - b));
    for (const number of seen) {
        assert.equal(new Set(got.filter((one, i) => seen[i] === number).map((one) => one.headers['webhook-id'])).size, 1);
    }

    // what cannot be
    for (const [wrong, status] of [[{url: 'http://169.254.169.254/'}, 201], [{url: 'ftp://example.com/'}, 422],
        [{url, events: ['jobs.*']}, 422], [{url, secret: 'whsec_short'}, 422], [{}, 422], [{url, more: 1}, 422]]) {
        assert.equal((await gend.ask('POST', '/v1/webhooks', wrong)).status, status, JSON.stringify(wrong));
    }
    hook = await gend.ask('DELETE', `/v1/webhooks/${hook.id}`);
    assert.equal(hook.status, 204);
    const verdict = (await gend.ask('GET', '/v1/audit/verify')).body;
    assert.equal(verdict.faults, 0);
    await gend.end();
    server.close();
    fs.rmSync(scratch, {recursive: true});
});
