import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shortRequestId } from '@originsign/core/attestation/request-id';
import { decodeBase64 } from '@originsign/core/encoding/base64';
import { utf8 } from '@originsign/core/encoding/bytes';
import type { Json } from '@originsign/core/encoding/canonical-json';
import { sha256Hex } from '@originsign/core/encoding/sha256';
import { authenticodePe } from '@originsign/core/formats/authenticode-pe/authenticode-pe';
import { bytesSource } from '@originsign/core/formats/bytes-source';
import { parseNote } from '@originsign/core/log/signed-note';
import { parseTlogProof } from '@originsign/core/log/tlog-proof';
import { runChild, type Outcome } from '@originsign/testkit/child';
import type { Answer } from '@originsign/testkit/attack-client';
import type { ForgedRequest } from '@originsign/testkit/forged-request';
import { windowsExecutable } from '@originsign/testkit/windows-executables';
import { attackSigner, member, textAt, type AttackedSigner } from './attacked-signer.test.fixture.ts';
import { query } from './stored-facts.test.fixture.ts';

const COMMAND = resolve(fileURLToPath(import.meta.url), '../../../../cli/dist/main.js');
/** What the client says of the file: the digest of another one, which perhaps was reviewed. */
const CLAIMED = sha256Hex(utf8('the file that everybody looked at'));

let bench: AttackedSigner;
let file: Uint8Array;
let covered: string;
let request: ForgedRequest;
let answer: Answer;

beforeAll(async () => {
  bench = await attackSigner();
  file = new Uint8Array(await readFile(await windowsExecutable('clipboard')));
  covered = (await authenticodePe.digest(bytesSource(file), {})).coveredDigest.value;
  ({ request, answer } = await bench.submit({
    artifacts: [
      {
        name: 'dist/app.exe',
        format: 'authenticode-pe',
        digest: { authenticodeSha256: covered },
        claimed: { sha256: CLAIMED, size: 12 },
      },
    ],
  }));
});
afterAll(() => bench.stop());

function provenance(): Json {
  const payload = textAt(answer.json, 'provenance', 'dsseEnvelope', 'payload');
  return JSON.parse(new TextDecoder().decode(decodeBase64(payload))) as Json;
}

test('attestation, answer, log record and provenance show the digest that the signature covers, under its own name', () => {
  expect(answer.outcome).toBe('200 completed');
  const expected = { authenticodeSha256: covered };
  const attested = JSON.parse(new TextDecoder().decode(request.payload)) as Json;
  expect(member(attested, 'subject', 0, 'digest')).toEqual(expected);
  expect(member(answer.json, 'artifacts', 0, 'coveredDigest')).toEqual(expected);
  const { extra = new Uint8Array() } = parseTlogProof(textAt(answer.json, 'receipt'));
  const proven = JSON.parse(new TextDecoder().decode(extra)) as Json;
  expect(member(proven, 'records', 0, 'coveredDigest')).toEqual(expected);
  expect(JSON.stringify(proven)).not.toContain(CLAIMED);
  const [stored] = query<{ request_records: string; intent_records: string; result_records: string }>(
    bench.signer.directory,
    'select request_records, intent_records, result_records from requests where id = ?',
    request.id,
  );
  for (const records of Object.values(stored ?? {})) {
    expect(member(JSON.parse(records) as Json, 0, 'coveredDigest')).toEqual(expected);
  }
  expect(member(provenance(), 'subject', 0, 'digest')).toEqual(expected);
});

test('the claimed digest stands in log and provenance as a claim alone', () => {
  expect(member(provenance(), 'subject', 0, 'annotations')).toEqual({ claimed: { sha256: CLAIMED, size: 12 } });
  const [stored] = query<{ request_records: string }>(
    bench.signer.directory,
    'select request_records from requests where id = ?',
    request.id,
  );
  expect(member(JSON.parse(stored?.request_records ?? '') as Json, 0, 'claimed')).toEqual({
    sha256: CLAIMED,
    size: 12,
  });
});

test('originsign verify shows the covered digest, and the claimed one as unchecked', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'originsign-covered-'));
  try {
    const outcome = await verifyIn(folder);
    expect(outcome.status).toBe(0);
    expect(outcome.stdout).toContain(`covered     authenticodeSha256 ${covered}`);
    const lines = outcome.stdout.split('\n').filter((line) => line.includes(CLAIMED));
    expect(lines).toEqual([`  claimed     sha256 ${CLAIMED} before signing (unchecked)`]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** Does what a client does with the answer, and runs the command on it. */
async function verifyIn(folder: string): Promise<Outcome> {
  const block = decodeBase64(textAt(answer.json, 'artifacts', 0, 'block'));
  const embedded = await authenticodePe.embed(bytesSource(file), block, {});
  if (embedded.kind !== 'embedded') throw new TypeError('Programs carry their signature.');
  const parts = embedded.segments.map((part) =>
    'bytes' in part ? part.bytes : file.subarray(part.copy.offset, part.copy.offset + part.copy.length),
  );
  const stem = join(folder, `originsign-${shortRequestId(request.id)}`);
  const { body: trust } = await bench.attacker.send({ path: '/v1/trust' });
  await writeFile(join(folder, 'app.exe'), Buffer.concat(parts));
  await writeFile(`${stem}.tlog-proof`, textAt(answer.json, 'receipt'));
  await writeFile(`${stem}.provenance.sigstore.json`, JSON.stringify(member(answer.json, 'provenance')));
  await writeFile(join(folder, 'trust.json'), parseNote(trust).text);
  const expected = ['--repository', 'https://github.com/acme/app', '--project', 'acme-app'];
  return runChild(process.execPath, [COMMAND, 'verify', 'app.exe', '--trust', 'trust.json', ...expected, '--trial'], {
    cwd: folder,
  });
}
