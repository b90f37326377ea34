import { randomBytes } from 'node:crypto';
import {
  startTimestampAuthority,
  type TimestampAuthority,
  type TimestampMode,
} from '@originsign/testkit/timestamp-authority';
import { ensureTools } from '@originsign/testkit/tools';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { utf8 } from '../encoding/bytes.ts';
import { sha256 } from '../encoding/sha256.ts';
import { encodeTimestampRequest, parseTimestampResponse, TIMESTAMP_QUERY } from './timestamp-protocol.ts';
import { verifyTimestampToken } from './timestamp-token.ts';

const signature = utf8('a signature value');
let authority: TimestampAuthority;

beforeAll(async () => {
  ensureTools(['openssl']);
  authority = await startTimestampAuthority();
});

afterAll(async () => {
  await authority.stop();
});

/** Asks as the server does and checks the answer. */
async function timestamp(mode: TimestampMode) {
  authority.mode = mode;
  const nonce = randomBytes(8);
  const body = encodeTimestampRequest(sha256(signature), nonce);
  const response = await fetch(authority.url, { method: 'POST', body, headers: { 'content-type': TIMESTAMP_QUERY } });
  expect(response.status).toBe(200);
  const token = parseTimestampResponse(new Uint8Array(await response.arrayBuffer()));
  const near = { now: new Date(), milliseconds: 300_000 };
  return verifyTimestampToken(token, signature, [authority.root], { nonce, near });
}

test('a token of openssl is accepted, and each has a serial number of its own', async () => {
  const [first, second] = await Promise.all([timestamp('good'), timestamp('good')]);
  expect(first.policy).toBe('1.3.6.1.4.1.99999.1');
  expect(first.serialNumber).not.toBe(second.serialNumber);
});

test.each<[TimestampMode, string]>([
  ['wrong-nonce', 'verify.timestamp'],
  ['wrong-imprint', 'verify.timestamp'],
  ['refused', 'timestamp.invalid'],
  ['garbage', 'timestamp.invalid'],
])('an answer of the kind %s is refused with %s', async (mode, code) => {
  await expect(timestamp(mode)).rejects.toMatchObject({ code });
});

test('a nonce with leading zeros is recognised in the answer', async () => {
  const nonce = Uint8Array.of(0, 0, ...randomBytes(8));
  const token = parseTimestampResponse(await authority.answer(encodeTimestampRequest(sha256(signature), nonce)));
  expect(() => verifyTimestampToken(token, signature, [authority.root], { nonce })).not.toThrow();
});
