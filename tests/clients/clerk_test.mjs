// clerk_test.mjs - session tokens of Clerk at a real gend, held against verifyToken of @clerk/backend: one table of
// good and forged ones (tests/data/tokens/session.json), both forms of claims, and how the keys are fetched.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {verifyToken} from '@clerk/backend';

const here = path.dirname(fileURLToPath(import.meta.url));
const tree = path.join(here, '..', '..');
const table = JSON.parse(fs.readFileSync(path.join(tree, 'tests/data/tokens/session.json'), 'utf8'));
const rsa = () => crypto.generateKeyPairSync('rsa', {modulusLength: 2048});
const ours = rsa(), other = rsa(), next = rsa();
const pem = ours.publicKey.export({type: 'spki', format: 'pem'});

// ------------------------------------------------------------------------------------------- tokens

const b64 = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

function claimsOf(row) {
    const claims = {...table.base.claims, ...row.claims};
    for (const [key, value] of Object.entries(claims)) {
        if (value === null) {
            delete claims[key];
        } else if (typeof value === 'object' && 'now' in value) {
            claims[key] = Math.floor(Date.now() / 1000) + value.now;
        }
    }
    return claims;
}

function headerOf(row) {
    const header = {...table.base.header, ...row.header};
    for (const [key, value] of Object.entries(header)) {
        if (value === null) {
            delete header[key];
        } else if (key === 'jwk') {
            header.jwk = other.publicKey.export({format: 'jwk'});
        }
    }
    return header;
}

function signature(how, text, key) {
    switch (how) {
    case 'nothing': return '';
    case 'hs256-of-public-key': return crypto.createHmac('sha256', pem).update(text).digest('base64url');
    case 'other-key': return crypto.sign('sha256', text, other.privateKey).toString('base64url');
    case 'ps256': return crypto.sign('sha256', text, {key: key, padding: crypto.constants.RSA_PKCS1_PSS_PADDING,
        saltLength: 32}).toString('base64url');
    case 'rs512': return crypto.sign('sha512', text, key).toString('base64url');
    default: return crypto.sign('sha256', text, key).toString('base64url');
    }
}

const make = (header, claims, how, key = ours.privateKey) => {
    const text = `${b64(header)}.${b64(claims)}`;
    return `${text}.${signature(how, Buffer.from(text), key)}`;
};
const flip = (text) => { // one bit of the first byte
    const bytes = Buffer.from(text, 'base64url');
    bytes[Math.min(5, bytes.length - 1)] ^= 1;
    return bytes.toString('base64url');
};

const mangles = {
    claims: ([h, c, s]) => `${h}.${flip(c)}.${s}`,
    signature: ([h, c, s]) => `${h}.${c}.${flip(s)}`,
    swap: ([h, c, s], row) => `${h}.${b64({...claimsOf(row), sub: 'user_2'})}.${s}`,
    half: ([h, c, s]) => `${h}.${c}.${s.slice(0, s.length / 2)}`,
    'other-signature': ([h, c], row) => `${h}.${c}.${make(headerOf(row), {...claimsOf(row), sub: 'user_2'}).split('.')[2]}`,
    'two-parts': ([h, c]) => `${h}.${c}`,
    'four-parts': ([h, c, s]) => `${h}.${c}.${s}.${s}`,
    'five-parts': ([h, c, s]) => `${h}.${c}.${s}.${s}.${s}`,
    'dot-first': (parts) => `.${parts.join('.')}`,
    'dot-last': (parts) => `${parts.join('.')}.`,
    dots: () => '..',
    huge: () => `${'A'.repeat(50000)}.${'B'.repeat(49990)}.CCCC`,
    'header-text': ([, c]) => { const text = `${b64('not json')}.${c}`; return `${text}.${signature('', Buffer.from(text), ours.privateKey)}`; },
    'claims-text': ([h]) => { const text = `${h}.${b64('{"sub":')}`; return `${text}.${signature('', Buffer.from(text), ours.privateKey)}`; },
    'claims-list': ([h]) => { const text = `${h}.${b64([1, 2])}`; return `${text}.${signature('', Buffer.from(text), ours.privateKey)}`; },
    alphabet: ([h, c, s]) => `${h}.${c.slice(0, 8)}!${c.slice(9)}.${s}`,
    cut: (parts) => parts.join('.').slice(0, -20),
    padding: (parts) => `${parts.join('.')}==`,
    duplicate: ([h], row) => {
        const json = JSON.stringify(claimsOf(row));
        const text = `${h}.${b64(`{"sub":"user_0",${json.slice(1)}`)}`;
        return `${text}.${signature('', Buffer.from(text), ours.privateKey)}`;
    },
};

function tokenOf(row) {
    const token = make(headerOf(row), claimsOf(row), row.sign);
    return row.mangle ? mangles[row.mangle](token.split('.'), row) : token;
}

async function packageTakes(token) {
    try {
        const answer = await verifyToken(token, {jwtKey: pem, authorizedParties: table.rules.authorizedParties,
            issuer: table.rules.issuer, audience: table.rules.audience});
        return !(answer && answer.errors);
    } catch {
        return false;
    }
}

// --------------------------------------------------------------------------------------------- gend

async function daemon(clerk, more = '') {
    const state = fs.mkdtempSync(path.join(os.tmpdir(), 'gen-clerk-'));
    const config = path.join(state, 'gend.yaml');
    fs.chmodSync(state, 0o700);
    fs.writeFileSync(path.join(state, 'clerk.pem'), pem);
    fs.writeFileSync(config, `listen: 127.0.0.1:0\n${more}clerk:\n${clerk.replaceAll('STATE', state)}`);
    const child = spawn(process.env.GEND, ['--state', path.join(state, 's'), '--socket', path.join(state, 'sock'),
        '--config', config, '--policies', path.join(tree, 'policies')], {stdio: ['ignore', 'ignore', 'pipe']});
    let log = '';
    const ended = new Promise((resolve) => child.on('exit', resolve));
    const address = await new Promise((resolve, reject) => {
        child.stderr.on('data', (data) => {
            log += data;
            const ready = /ready.*?(http:\/\/127\.0\.0\.1:\d+)/.exec(log);
            if (ready) {
                resolve(ready[1]);
            }
        });
        child.on('exit', (code) => reject(new Error(`gend ended with ${code}: ${log}`)));
    });
    return {
        log: () => log,
        me: (token) => new Promise((resolve) => {
            const request = http.get(`${address}/v1/me`, {headers: {authorization: `Bearer ${token}`}}, (response) => {
                let body = '';
                response.on('data', (data) => { body += data; });
                response.on('end', () => {
                    let document = null;
                    try { document = JSON.parse(body); } catch { /* a refusal of the HTTP library itself */ }
                    resolve({status: response.statusCode, retry: response.headers['retry-after'], body, document});
                });
            });
            request.on('error', () => resolve({status: 0, body: ''})); // a header too large closes the connection
        }),
        ask: (token, method, route) => new Promise((resolve, reject) => {
            const request = http.request(`${address}${route}`, {method, headers: {authorization: `Bearer ${token}`}},
                (response) => { response.resume(); response.on('end', () => resolve(response.statusCode)); });
            request.on('error', reject);
            request.end();
        }),
        stop: async () => {
            child.kill('SIGTERM');
            const code = await ended;
            fs.rmSync(state, {recursive: true});
            assert.equal(code, 0, log);
            assert.doesNotMatch(log, /Sanitizer|runtime error/);
        },
    };
}

const list = (words) => `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
const settings = `  key: STATE/clerk.pem
  issuer: ${table.rules.issuer}
  authorizedParties: ${list(table.rules.authorizedParties)}
  audiences: ${list(table.rules.audience)}
  roles: {member: producer}
`;

test('the table: gend and the package say the same, but where gend is stricter and says why', async (t) => {
    const gend = await daemon(settings);
    t.after(() => gend.stop());
    assert.ok(table.rows.length >= 60);
    for (const row of table.rows) {
        const token = tokenOf(row);
        const answer = await gend.me(token);
        const taken = await packageTakes(token);

        assert.equal(taken, row.verdict === 'good', `${row.name}: the package`);
        assert.equal(answer.status === 200, row.verdict === 'good' && !row.stricter, `${row.name}: ${answer.status} ${answer.body}`);
        if (answer.status !== 200) {
            assert.ok([0, 401, 431].includes(answer.status), `${row.name}: ${answer.status}`);
            assert.ok(answer.status !== 401 || answer.document.code === 'denied', row.name);
            assert.ok(!answer.body.includes(token.slice(0, 40)) || token.length < 40, `${row.name}: the token is told again`);
        }
        assert.ok(token.length < 40 || !gend.log().includes(token.slice(-40)), `${row.name}: the token is in the log`);
    }
});

test('both forms of claims mean the same', async (t) => {
    const gend = await daemon(settings);
    t.after(() => gend.stop());
    const old = (role, permissions) => ({v: null, o: null, org_id: 'org_acme', org_role: role, org_permissions: permissions});
    const cases = [
        // role of Clerk's, permissions (v1), features and their bits (v2) -> role, some permissions, what is not there
        ['org:admin', [], '', '', '', 'admin', ['jobs:write', 'keys:write'], ['metrics:read', 'policies:write', 'tenants:write']],
        ['org:member', [], '', '', '', 'producer', ['jobs:write'], ['keys:write', 'budgets:write']], // roles of gend.yaml
        ['org:viewer', ['org:budgets:write', 'org:sys_profile:manage'], 'o:sys_profile,o:budgets', 'manage,write', '1,2', 'viewer',
            ['jobs:read', 'budgets:write'], ['jobs:write']],
        ['org:stranger', [], '', '', '', null, ['self:read'], ['jobs:read']],
        ['org:stranger', ['org:jobs:read', 'org:jobs:write', 'org:audit:read'], 'u:jobs,o:jobs,uo:audit', 'read,write', '3,1', null,
            ['jobs:read', 'jobs:write', 'audit:read'], ['budgets:read']],
        ['org:stranger', ['org:metrics:read'], 'o:metrics', 'read', '1', null, ['self:read'], ['metrics:read']], // the house's
        ['org:stranger', [], 'o:jobs,o:budgets', 'read,write', '0,x', null, ['self:read'], ['jobs:read', 'budgets:read']],
    ];
    for (const [role, permissions, fea, per, fpm, wanted, has, lacks] of cases) {
        const v2 = {fea, o: {id: 'org_acme', rol: role.slice(4), slg: 'acme', per, fpm}};
        for (const claims of [old(role, permissions), v2]) {
            const answer = await gend.me(tokenOf({claims}));

            assert.equal(answer.status, 200, answer.body);
            assert.equal(answer.document.organization, 'org_acme');
            assert.equal(answer.document.user, 'user_1');
            assert.equal(answer.document.via, 'clerk');
            assert.equal(answer.document.role, wanted, `${role}: ${answer.body}`);
            has.forEach((word) => assert.ok(answer.document.permissions.includes(word), `${role} lacks ${word}`));
            lacks.forEach((word) => assert.ok(!answer.document.permissions.includes(word), `${role} has ${word}`));
        }
    }
    const alone = await gend.me(tokenOf({claims: {o: null}})); // nobody's money
    assert.equal(alone.document.organization, 'user_1');
    assert.deepEqual(alone.document.permissions, ['self:read']);
    assert.equal(await gend.ask(tokenOf({claims: {o: null}}), 'POST', '/v1/jobs'), 403);
    assert.equal(await gend.ask(tokenOf({}), 'GET', '/metrics'), 403);
    assert.equal(await gend.ask(tokenOf({}), 'GET', '/v1/jobs'), 200);
});

test('the house, and who may come in', async (t) => {
    const gend = await daemon(`${settings}  house: org_agency\n  organizations: [org_agency, org_acme]\n`);
    t.after(() => gend.stop());
    const agency = tokenOf({claims: {o: {id: 'org_agency', rol: 'admin'}}});

    assert.equal((await gend.me(agency)).document.organization, 'local');
    assert.equal(await gend.ask(agency, 'GET', '/metrics'), 200);
    assert.equal((await gend.me(tokenOf({}))).document.organization, 'org_acme');
    assert.equal((await gend.me(tokenOf({claims: {o: {id: 'org_stranger', rol: 'admin'}}}))).status, 401);
});

// A key server that counts; `keys` is what it gives.
async function keyServer() {
    const jwk = (pair, kid) => ({...pair.publicKey.export({format: 'jwk'}), kid, use: 'sig', alg: 'RS256'});
    const weak = crypto.generateKeyPairSync('rsa', {modulusLength: 1024});
    const server = {fetches: 0, broken: false, keys: [
        {kty: 'EC', crv: 'P-256', kid: 'ins_ec', x: 'AA', y: 'AA'}, {kty: 'RSA', kid: 'ins_bad', n: '!', e: 'AQAB'},
        {kty: 'oct', kid: 'ins_1', k: 'c2VjcmV0'}, jwk(weak, 'ins_weak'), jwk(ours, 'ins_1')]};
    const inner = http.createServer((request, response) => {
        server.fetches++;
        response.writeHead(server.broken ? 500 : 200, {'content-type': 'application/json'});
        response.end(server.broken ? 'no' : JSON.stringify({keys: server.keys}));
    });
    await new Promise((resolve) => inner.listen(0, '127.0.0.1', resolve));
    server.url = `http://127.0.0.1:${inner.address().port}/.well-known/jwks.json`;
    server.rotate = () => { server.keys = [jwk(next, 'ins_2')]; };
    server.weak = weak.privateKey;
    server.close = () => inner.close();
    return server;
}

async function settled(gend, token) {
    for (;;) {
        const answer = await gend.me(token);

        if (answer.status !== 503) {
            return answer;
        }
        assert.equal(answer.retry, '1');
        assert.equal(answer.document.code, 'busy');
        await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
}

test('keys are fetched, kept, and fetched again for an unknown one, but not often', async (t) => {
    const server = await keyServer();
    const gend = await daemon(`  jwksUrl: ${server.url}\n  issuer: ${table.rules.issuer}\n`, 'allowPrivate: true\n');
    t.after(async () => { await gend.stop(); server.close(); });
    const good = () => make(headerOf({}), claimsOf({}));

    assert.equal((await settled(gend, good())).status, 200);
    assert.equal(server.fetches, 1);
    for (let i = 0; i < 20; i++) {
        assert.equal((await gend.me(good())).status, 200);
    }
    // unknown, of a key that is too short, of one that is no RSA key: no second fetch within a minute
    for (const [kid, key] of [['ins_9', other.privateKey], ['ins_weak', server.weak], ['ins_ec', other.privateKey], ['', other.privateKey]]) {
        const answer = await gend.me(make(headerOf({header: {kid}}), claimsOf({}), undefined, key));

        assert.equal(answer.status, 401, `${kid}: ${answer.body}`);
    }
    server.rotate();
    assert.equal((await gend.me(make(headerOf({header: {kid: 'ins_2'}}), claimsOf({}), undefined, next.privateKey))).status, 401);
    assert.equal(server.fetches, 1);
    assert.equal((await gend.me(good())).status, 200); // the old key is kept meanwhile
});

test('a key server that is down: 503 and a time, never in', async (t) => {
    const server = await keyServer();
    server.broken = true;
    const gend = await daemon(`  jwksUrl: ${server.url}\n`, 'allowPrivate: true\n');
    t.after(async () => { await gend.stop(); server.close(); });

    for (let i = 0; i < 3; i++) {
        const answer = await gend.me(make(headerOf({}), claimsOf({})));

        assert.equal(answer.status, 503, answer.body);
        await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
    assert.ok(server.fetches <= 1);
});
