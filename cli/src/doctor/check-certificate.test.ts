import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeServerCertificate } from '@originsign/testkit/server-certificate';
import { afterAll, describe, expect, it } from 'vitest';
import { checkCertificate } from './check-certificate.ts';

const folder = mkdtempSync(join(tmpdir(), 'originsign-doctor-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const YEAR = 366 * 24 * 3_600_000;
const { cert, key } = makeServerCertificate('node.acme.example');
const path = join(folder, 'node.pem');
writeFileSync(path, cert + key);

describe('the client certificate of this environment', () => {
  it('is no finding where there is none', () => {
    expect(checkCertificate({}, new Date())).toEqual([]);
  });

  it('is shown with its names and times, and never with its key', () => {
    const findings = checkCertificate({ ORIGINSIGN_CLIENT_CERTIFICATE: path }, new Date());
    expect(findings).toMatchObject([{ state: 'ok', name: 'node' }]);
    expect(findings[0]?.facts?.map(([name]) => name)).toEqual(['subject', 'issuer', 'valid']);
    expect(JSON.stringify(findings)).not.toContain('PRIVATE KEY');
  });

  it('fails where its time is over', () => {
    const later = new Date(Date.now() + 20 * YEAR);
    expect(checkCertificate({ ORIGINSIGN_CLIENT_CERTIFICATE: path }, later)).toMatchObject([
      { state: 'fail', code: 'certificate.expired' },
    ]);
  });

  it('fails where it cannot be used', () => {
    expect(checkCertificate({ ORIGINSIGN_CLIENT_CERTIFICATE: join(folder, 'none.pem') }, new Date())).toMatchObject([
      { state: 'fail', name: 'node' },
    ]);
  });
});
