import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleJson } from '@originsign/core/attestation/bundle';
import { STATEMENT_PAYLOAD_TYPE } from '@originsign/core/attestation/dsse';
import { decodeBase64, encodeBase64 } from '@originsign/core/encoding/base64';
import { concatBytes, equalBytes, utf8 } from '@originsign/core/encoding/bytes';
import { preAuthenticationEncoding } from '@originsign/core/encoding/pae';
import { sha256Hex } from '@originsign/core/encoding/sha256';
import { bytesSource } from '@originsign/core/formats/bytes-source';
import { cmsDetached } from '@originsign/core/formats/cms-detached/cms-detached';
import type { SigningKey } from '@originsign/core/formats/format';
import { formatById } from '@originsign/core/formats/registry';
import { formatCheckpoint } from '@originsign/core/log/checkpoint';
import { noteKey, parseVerifierKey } from '@originsign/core/log/note-key';
import { openNote, parseNote } from '@originsign/core/log/signed-note';
import { parseTrustFile, type TrustFile } from '@originsign/core/protocol/trust-file';
import { verifyProvenance } from '@originsign/core/verify/provenance';
import { parseCertificate } from '@originsign/core/x509/certificate';
import { encodeCertificate } from '@originsign/core/x509/certificate-builder';
import { encodeCodeSigningTbs } from '@originsign/core/x509/certificate-profiles';
import { verifyChain } from '@originsign/core/x509/chain';
import { parseSignedData } from '@originsign/core/x509/cms-parse';
import { keyTypeOf } from '@originsign/core/x509/key-type';
import { Oid } from '@originsign/core/x509/oids';
import { verifySignature } from '@originsign/core/x509/signature';
import { codeOf, codeOfAsync } from '@originsign/testkit/error-code';
import { fileArtifact, type ForgedArtifact } from '@originsign/testkit/forged-request';
import { writePolicies } from '@originsign/testkit/signer';
import { attackSigner, member, textAt, PROJECT, type AttackedSigner } from './attacked-signer.test.fixture.ts';
import { logEntries, storedKeys } from './stored-facts.test.fixture.ts';

/** Formats mapped to keys of other purposes. */
const CROSSED = [
  ['raw', 'trial-cms', 'cms'],
  ['raw', 'trial-authenticode', 'authenticode'],
  ['raw', 'trial-ca', 'ca'],
  ['raw', 'log', 'log'],
  ['raw', 'provenance', 'provenance'],
  ['cms-detached', 'trial-raw', 'raw'],
  ['cms-detached', 'trial-authenticode', 'authenticode'],
  ['authenticode-pe', 'trial-cms', 'cms'],
  ['authenticode-cab', 'trial-raw', 'raw'],
  ['linux-module', 'trial-authenticode', 'authenticode'],
  // The sharpest of these: both are Ed25519 keys.
  ['minisign', 'log', 'log'],
] as const;

let bench: AttackedSigner;
let trust: TrustFile;
beforeAll(async () => {
  const files = CROSSED.map(([format, label], index) => [
    `projects/crossed-${index}.yml`,
    project(`crossed-${index}`, format, label),
  ]);
  bench = await attackSigner({ policies: Object.fromEntries(files) as Record<string, string> });
  await bench.signer.halt();
  // The log key is Ed25519, so the sharpest attack on it is a raw key of that type.
  const made = await bench.signer.command('keys', 'generate', 'raw-ed', '--purpose', 'raw', '--type', 'ed25519');
  if (made.status !== 0) throw new Error(made.stderr);
  await writePolicies(join(bench.signer.directory, 'policies'), {
    'projects/ed-app.yml': project('ed-app', 'raw', 'raw-ed'),
  });
  await bench.signer.start();
  const { body } = await bench.attacker.send({ path: '/v1/trust' });
  trust = parseTrustFile(parseNote(body).text);
});
afterAll(() => bench.stop());

function project(name: string, format: string, label: string): string {
  return PROJECT.replace('acme-app', name).replace(/keys: \{authenticode-pe[^}]*\}/, `keys: {${format}: ${label}}`);
}

/** Has an artifact signed and gives back the block of the answer. */
async function signed(artifact: ForgedArtifact, into = 'acme-app'): Promise<Uint8Array> {
  const { answer } = await bench.submit({ project: into, artifacts: [artifact] });
  expect(answer.outcome).toBe('200 completed');
  return decodeBase64(textAt(answer.json, 'artifacts', 0, 'block'));
}

/** Has bytes signed as a raw file, and checks that no key of another purpose made that signature. */
async function rawOver(bytes: Uint8Array, label = 'trial-raw'): Promise<Uint8Array> {
  const ed = label === 'raw-ed';
  const artifact = fileArtifact('harmless.bin', bytes);
  const whole = { ...artifact, inputs: { content: encodeBase64(bytes) }, options: { message: 'content' } };
  const signature = await signed(ed ? whole : artifact, ed ? 'ed-app' : 'acme-app');
  const verifying = storedKeys(bench.signer.directory).filter(({ spki }) =>
    verifySignature(new Uint8Array(spki), { kind: 'message', bytes }, signature),
  );
  // It verifies under its own key: these very bytes were signed.
  expect(verifying.map((key) => [key.label, key.purpose])).toEqual([[label, 'raw']]);
  return signature;
}

/** The key of a purpose with its certificates, as its own signatures show it. */
async function cmsKey(): Promise<SigningKey> {
  const { certificates } = parseSignedData(await signed(fileArtifact('honest.bin', randomBytes(16), 'cms-detached')));
  const [leaf] = certificates.map(parseCertificate).filter((one) => !equalBytes(one.issuer, one.subject));
  if (leaf === undefined) throw new Error('The signature carries no certificate of its key.');
  return { type: keyTypeOf(leaf.spki), spki: leaf.spki, certificates: [leaf.der] };
}

describe('a raw key that signs the bytes of another structure makes', () => {
  test('no CMS signature', async () => {
    const malware = utf8('malware');
    const key = await cmsKey();
    const coveredDigest = { algorithm: 'sha256', value: sha256Hex(malware) } as const;
    const { toBeSigned, structure } = cmsDetached.toBeSigned({
      coveredDigest,
      inputs: {},
      options: {},
      key,
      signingTime: new Date(),
    });
    if (toBeSigned.kind !== 'message') throw new TypeError('CMS signs its attributes.');
    const signature = await rawOver(toBeSigned.bytes);
    const block = cmsDetached.assemble(structure, key, signature, undefined);
    expect(await codeOfAsync(() => cmsDetached.verify(bytesSource(malware), () => Promise.resolve(block)))).toBe(
      'verify.signature',
    );
    // The key itself would have done.
    const genuine = await signed(fileArtifact('a.bin', malware, 'cms-detached'));
    expect(await codeOfAsync(() => cmsDetached.verify(bytesSource(malware), () => Promise.resolve(genuine)))).toBe(
      'accepted',
    );
  });

  test('no provenance', async () => {
    const { answer } = await bench.submit();
    const genuine = utf8(JSON.stringify(member(answer.json, 'provenance')));
    expect(codeOf(() => verifyProvenance(genuine, trust, new Date()))).toBe('accepted');
    const payload = decodeBase64(textAt(answer.json, 'provenance', 'dsseEnvelope', 'payload'));
    const lie = utf8(new TextDecoder().decode(payload).replaceAll('refs/tags/v1.4.0', 'refs/tags/v9.9.9'));
    const sig = encodeBase64(await rawOver(preAuthenticationEncoding(STATEMENT_PAYLOAD_TYPE, lie)));
    for (const { spki } of [...trust.provenanceKeys, ...trust.signingKeys]) {
      const keyHint = sha256Hex(decodeBase64(spki));
      const envelope = {
        payloadType: STATEMENT_PAYLOAD_TYPE,
        payload: encodeBase64(lie),
        signatures: [{ keyid: keyHint, sig }] as const,
      };
      const bundle = bundleJson({ signer: { keyHint }, content: { kind: 'envelope', envelope }, timestamps: [] });
      expect(codeOf(() => verifyProvenance(utf8(JSON.stringify(bundle)), trust, new Date()))).toBe(
        'envelope.signature',
      );
    }
  });

  test('no checkpoint', async () => {
    const [log] = trust.logs;
    const logKeys = (log?.keys ?? []).map(({ vkey }) => parseVerifierKey(vkey));
    const origin = log?.origin ?? '';
    const text = formatCheckpoint({ origin, size: 1_000_000, root: randomBytes(32) });
    const signature = await rawOver(utf8(text), 'raw-ed');
    const own = storedKeys(bench.signer.directory).find(({ label }) => label === 'raw-ed');
    const ids = [...logKeys, noteKey(origin, new Uint8Array(own?.spki ?? []))].map(({ id }) => id);
    expect(ids).toHaveLength(2);
    for (const id of ids) {
      const note = `${text}\n\u2014 ${origin} ${encodeBase64(concatBytes(id, signature))}\n`;
      expect(codeOf(() => openNote(note, logKeys))).toBe('note.signature');
    }
    const { body } = await bench.attacker.send({ path: '/log/checkpoint' });
    expect(codeOf(() => openNote(body, logKeys))).toBe('accepted');
  });

  test('no certificate', async () => {
    const roots = trust.signingRoots.map(({ certificate }) => decodeBase64(certificate));
    const [root] = roots.map(parseCertificate);
    if (root === undefined) throw new Error('The trust file names no root.');
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const now = Date.now();
    const tbs = encodeCodeSigningTbs(
      {
        serialNumber: Uint8Array.of(1, ...randomBytes(15)),
        subject: [{ type: 'CN', value: 'Attacker' }],
        spki: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })),
        notBefore: new Date(now - 60_000),
        notAfter: new Date(now + 86_400_000),
      },
      { name: root.subject, spki: root.spki, keyType: keyTypeOf(root.spki) },
    );
    const certificate = encodeCertificate(tbs, keyTypeOf(root.spki), await rawOver(tbs));
    const purpose = { at: new Date(), extendedKeyUsage: Oid.codeSigning };
    expect(codeOf(() => verifyChain(certificate, [], roots, purpose))).toBe('verify.certificate');
    const [genuine] = (await cmsKey()).certificates;
    expect(codeOf(() => verifyChain(genuine ?? tbs, [], roots, purpose))).toBe('accepted');
  });
});

describe('a policy that maps', () => {
  test.each(CROSSED.map(([format, label, purpose], index) => ({ format, label, purpose, index })))(
    '$format to the $purpose key $label is not in force',
    async ({ format, label, purpose, index }) => {
      const file = `projects/crossed-${index}.yml`;
      expect(bench.signer.child.output()).toMatch(new RegExp(`${file}:\\d+:\\d+: .*${label}.*${purpose}`));
      const loads = logEntries(bench.signer.directory).filter(
        (entry) => entry['type'] === 'POLICY' && entry['file'] === file,
      );
      expect(loads.map(({ ok }) => ok)).toEqual([false, false]);
      const before = bench.traces();
      const { answer } = await bench.submit({
        project: `crossed-${index}`,
        artifacts: [fileArtifact('a.bin', utf8('a'), format)],
      });
      const coversFile = formatById(format).coveredDigest === 'sha256';
      expect(answer.outcome).toMatch(coversFile ? /^403 project.unknown$/ : /^400 statement.digest$/);
      expect(bench.traces()).toEqual(before);
    },
  );
});

test('the trust file gives a purpose to no key that has another', () => {
  const purposeOf = new Map(
    storedKeys(bench.signer.directory).map(({ spki, purpose }) => [encodeBase64(new Uint8Array(spki)), purpose]),
  );
  expect(trust.signingKeys.map(({ spki, purpose }) => [purposeOf.get(spki), purpose])).toEqual([
    ['raw', 'raw'],
    ['raw', 'raw'],
  ]);
  expect(trust.provenanceKeys.map(({ spki }) => purposeOf.get(spki))).toEqual(['provenance']);
  const logSpkis = trust.logs.flatMap(({ keys }) => keys).map(({ vkey }) => encodeBase64(parseVerifierKey(vkey).spki));
  expect(logSpkis.map((spki) => purposeOf.get(spki))).toEqual(['log']);
  const rootSpkis = trust.signingRoots.map(({ certificate }) =>
    encodeBase64(parseCertificate(decodeBase64(certificate)).spki),
  );
  expect(new Set(rootSpkis.map((spki) => purposeOf.get(spki)))).toEqual(new Set(['ca']));
});
