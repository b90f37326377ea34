import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from '@originsign/testkit/child';
import { pem } from '@originsign/testkit/pem';
import { ensureTools } from '@originsign/testkit/tools';
import { makeCertificateAuthority } from '@originsign/testkit/certificate-authority';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseCertificate } from './certificate.ts';
import { canonicalName } from './name-reader.ts';

let folder: string;
beforeAll(async () => {
  ensureTools(['openssl']);
  folder = await mkdtemp(join(tmpdir(), 'originsign-names-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each<[string, readonly (readonly [string, string])[]]>([
  ['plain', [['CN', 'build-07'], ['OU', 'Build Nodes'], ['O', 'Acme'], ['C', 'DE']]], // prettier-ignore
  ['every special character', [['CN', 'a,b+c"d\\e;f<g>h=i']]],
  ['spaces and a hash at the ends', [['CN', ' #a '], ['OU', '#b'], ['O', '  ']]], // prettier-ignore
  ['a backslash before the last space', [['CN', 'a\\ ']]],
  ['letters beyond ASCII', [['CN', 'Lučić 東京 😀']]],
  ['a type without a name', [['2.5.4.12', 'Node'], ['1.2.3.4', 'x, y']]], // prettier-ignore
  ['an e-mail address', [['emailAddress', 'ops@acme.example'], ['DC', 'acme'], ['DC', 'example']]], // prettier-ignore
])('OpenSSL writes the same name: %s', async (_, attributes) => {
  const subject = attributes.map(([type, value]) => ({ type, value }));
  const { certificate } = makeCertificateAuthority('Acme', { subject });
  const file = join(folder, 'certificate.pem');
  await writeFile(file, pem('CERTIFICATE', certificate));
  const shown = await runChild('openssl', ['x509', '-in', file, '-noout', '-subject', '-nameopt', 'RFC2253']);
  const text = shown.stdout.replace(/^subject=/, '').replace(/\n$/, ''); // prettier-ignore
  expect(canonicalName(text)).toBe(parseCertificate(certificate).subjectText);
});
