import { codeOf } from '@originsign/testkit/error-code';
import { describe, expect, it } from 'vitest';
import type { Json } from '../encoding/canonical-json.ts';
import { FORGEJO_FIXTURES, type ForgejoPayload } from './fixtures/forgejo.ts';
import { checkForgejoRule } from './forgejo-rules.ts';
import { FORGEJO } from './forgejo.ts';
import { GITHUB_FORBIDDEN_EVENTS } from './github-events.ts';

const SYSTEM = { id: 'forge', issuer: 'https://forge.acme.example/api/actions' };
const TAG: ForgejoPayload = FORGEJO_FIXTURES['forgejo-tag'] ?? {};
const claimsOf = (changes: Readonly<Record<string, unknown>> = {}) => FORGEJO.parseClaims({ ...TAG, ...changes });
const REQUIRED = FORGEJO.claims.filter(({ required }) => required).map((c) => c.derivedFrom ?? c.name);

describe('claims of Forgejo', () => {
  it('are those of GitHub as far as there are any', () => {
    expect(claimsOf()).toEqual({
      'forgejo.actor': 'alice',
      'forgejo.actor_id': '7',
      'forgejo.event_name': 'push',
      'forgejo.ref': 'refs/tags/v1.4.0',
      'forgejo.ref_protected': true,
      'forgejo.ref_type': 'tag',
      'forgejo.repository': 'acme/app',
      'forgejo.repository_id': '34',
      'forgejo.repository_owner': 'acme',
      'forgejo.repository_owner_id': '12',
      'forgejo.run_attempt': 1,
      'forgejo.run_id': '43',
      'forgejo.run_number': 17,
      'forgejo.sha': '9f31c2e0d4b86a57913fe2dc0b745a618e3cf290',
      'forgejo.workflow': 'release.yml',
      'forgejo.workflow_repository': 'acme/app',
      'forgejo.workflow_path': '.forgejo/workflows/release.yml',
      'forgejo.workflow_ref': 'refs/tags/v1.4.0',
    });
  });

  it.each([...new Set(REQUIRED)])(
    'are refused without %s, which older versions do not send or no version leaves out',
    (name) => {
      expect(codeOf(() => claimsOf({ [name]: undefined }))).toBe('token.claim_missing');
      expect(codeOf(() => claimsOf({ [name]: '' }))).toBe('token.claim_missing');
    },
  );

  it.each([
    ['repository_id', 34],
    ['repository_owner_id', 'acme'],
    ['ref_protected', true],
    ['run_attempt', '0x1'],
    ['sha', 'HEAD'],
    ['workflow_ref', 'acme/app/.forgejo/workflows/release.yml'],
    ['workflow_ref', 'acme/app/release.yml@refs/heads/main'],
    ['workflow_ref', 'acme/app/.forgejo/workflows/deep/release.yml@refs/heads/main'],
    ['workflow_ref', 'acme/app/.forgejo/workflows/a.yml@refs/heads/a\nb'],
  ])('are refused where %s is %j', (name, value) => {
    expect(codeOf(() => claimsOf({ [name]: value }))).toBe('token.claim_type');
  });

  it.each(['.forgejo', '.gitea', '.github'])('name workflows in %s', (folder) => {
    const path = `${folder}/workflows/release.yml`;
    expect(claimsOf({ workflow_ref: `acme/app/${path}@refs/heads/main` })['forgejo.workflow_path']).toBe(path);
  });
});

describe('the origin of a run of Forgejo', () => {
  it('is complete, without what the tokens do not say', () => {
    expect(FORGEJO.origin(claimsOf(), SYSTEM)).toEqual({
      platform: 'forgejo',
      system: 'forge',
      repository: { uri: 'https://forge.acme.example/acme/app', id: '34', ownerId: '12' },
      commit: '9f31c2e0d4b86a57913fe2dc0b745a618e3cf290',
      ref: 'refs/tags/v1.4.0',
      workflow: {
        uri: 'https://forge.acme.example/acme/app/.forgejo/workflows/release.yml@refs/tags/v1.4.0',
        path: '.forgejo/workflows/release.yml',
        ref: 'refs/tags/v1.4.0',
      },
      run: { id: '43', attempt: 1, uri: 'https://forge.acme.example/acme/app/actions/runs/43' },
      trigger: 'push',
      actor: 'alice',
      actorId: '7',
    });
  });

  it('is refused where claims are missing', () => {
    expect(codeOf(() => FORGEJO.origin({}, SYSTEM))).toBe('token.claim_missing');
  });

  it('needs an issuer that names its instance, or a file that does', () => {
    const other = { id: 'forge', issuer: 'https://id.acme.example/forge' };
    expect(FORGEJO.checkIssuer(SYSTEM)).toBeUndefined();
    expect(FORGEJO.checkIssuer(other)).toContain('/api/actions');
    expect(FORGEJO.checkIssuer({ ...other, serverUrl: 'https://forge.acme.example' })).toBeUndefined();
    expect(() => FORGEJO.origin(claimsOf(), other)).toThrow(TypeError);
  });
});

describe('an allow rule for Forgejo', () => {
  type Conditions = Readonly<Record<string, readonly [string, Json] | undefined>>;
  const GOOD: Conditions = {
    ref: ['glob', 'refs/tags/v*'],
    event_name: ['is', 'push'],
    workflow_path: ['is', '.forgejo/workflows/release.yml'],
  };
  const check = (changes: Conditions = {}) => {
    const conditions = Object.entries({ ...GOOD, ...changes }).flatMap(([name, condition]) =>
      condition === undefined ? [] : [{ claim: `forgejo.${name}`, operator: condition[0], expected: condition[1] }],
    );
    return checkForgejoRule({ conditions, hasConnector: false, isAddressBound: false }).map(({ message }) => message);
  };

  it('loads with event, ref and workflow, and not without any of them', () => {
    expect(check()).toEqual([]);
    expect(check({ ref: undefined })).toEqual(['the rule does not say which refs it allows']);
    expect(check({ event_name: undefined })).toEqual(['the rule does not say which events it allows']);
    expect(check({ workflow_path: undefined })).toEqual(['the rule does not name the workflow file']);
    expect(check({ workflow_path: ['glob', '.forgejo/**'] })).toEqual(['the rule does not name the workflow file']);
    expect(check({ ref: ['is', 'refs/pull/17/head'] })[0]).toContain('pull request refs');
  });

  it.each(GITHUB_FORBIDDEN_EVENTS)('never allows the event %s', (event) => {
    expect(check({ event_name: ['in', ['push', event]] })[0]).toContain(`must not allow the event ${event}`);
  });
});
