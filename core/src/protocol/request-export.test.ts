import { codeOf } from '@originsign/testkit/error-code';
import { describe, expect, it } from 'vitest';
import { type ExportedRequest, formatExportLine, parseExportedRequest, parseExportHeader } from './request-export.ts';

const HEADER = {
  type: 'originsign-requests',
  version: 1,
  server: 'https://sign.acme.example',
  exportedAt: '2026-11-22T09:14:03.000Z',
} as const;
const REQUEST: ExportedRequest = {
  id: 'pQ3vT0sZc81KXw2m9bq4hJ6nR7yU1eGfL0aVdCoEiBs',
  createdAt: '2026-11-22T09:14:03.000Z',
  state: 'completed',
  project: 'acme-app',
  policy: 'release',
  system: 'github',
  binding: 'audience',
  claims: {
    'github.ref': 'refs/tags/v1',
    'github.run_attempt': 1,
    'github.ref_protected': true,
    'certificate.eku': ['a'],
  },
  origin: {
    platform: 'github-actions',
    system: 'github',
    repository: { uri: 'https://github.com/acme/app', id: '1', ownerId: '2' },
    workflow: {
      uri: 'https://github.com/acme/app/.github/workflows/a.yml@refs/tags/v1',
      path: '.github/workflows/a.yml',
    },
    run: { id: '3', attempt: 1, uri: 'https://github.com/acme/app/actions/runs/3/attempts/1' },
  },
  artifacts: [{ name: 'app.exe', format: 'raw', size: 1 }],
  decision: { policyHash: 'a'.repeat(64), rule: 'tag-build', keys: { raw: 'acme-raw' } },
};

describe('an export of requests', () => {
  it('comes back from its lines', () => {
    expect(parseExportHeader(formatExportLine(HEADER))).toEqual(HEADER);
    const line = formatExportLine(REQUEST);
    expect(line).not.toContain('\n');
    expect(parseExportedRequest(line, 2)).toEqual(REQUEST);
  });

  it('may have as many artifacts as a request', () => {
    const artifacts = Array.from({ length: 1024 }, (_, n) => ({ name: `${n}`, format: 'raw', size: n }));
    expect(parseExportedRequest(formatExportLine({ ...REQUEST, artifacts }), 2).artifacts).toHaveLength(1024);
  });

  const { origin } = REQUEST;
  it.each<[string, unknown]>([
    ['nothing', ''],
    ['no JSON', '{'],
    ['a list', []],
    ['a member twice', formatExportLine(REQUEST).replace('{', '{"id":"a",')],
    ['a member more', { ...REQUEST, token: 'x' }],
    ['no claims', { ...REQUEST, claims: undefined }],
    ['a claim of no type', { ...REQUEST, claims: { 'github.ref': null } }],
    ['a claim that nests', { ...REQUEST, claims: { 'github.ref': { a: 1 } } }],
    ['no artifacts', { ...REQUEST, artifacts: [] }],
    ['another binding', { ...REQUEST, binding: 'none' }],
    ['another state', { ...REQUEST, state: 'done' }],
    ['a time that is none', { ...REQUEST, createdAt: 'yesterday' }],
    ['an origin without its run', { ...REQUEST, origin: { ...origin, run: undefined } }],
    ['the header', HEADER],
  ])('with %s is refused, and the line named', (_name, value) => {
    const line = typeof value === 'string' ? value : JSON.stringify(value);
    expect(codeOf(() => parseExportedRequest(line, 7))).toBe('input.invalid');
    expect(() => parseExportedRequest(line, 7)).toThrow(/^Line 7 is not /);
  });

  it.each<[string, unknown]>([
    ['a request', REQUEST],
    ['another version', { ...HEADER, version: 2 }],
    ['another file', { type: 'log' }],
  ])('that begins with %s is refused', (_name, value) => {
    expect(codeOf(() => parseExportHeader(JSON.stringify(value)))).toBe('input.invalid');
  });
});
