import { describe, expect, it } from 'vitest';
import type { Json } from '../encoding/canonical-json.ts';
import { checkAzureRule } from './azure-rules.ts';

type Conditions = Readonly<Record<string, readonly [string, Json] | undefined>>;
const GOOD: Conditions = {
  'azure.def_id': ['is', '42'],
  'azure.rpo_ref': ['glob', 'refs/tags/v*'],
  'azure.service_connection': ['is', 'sc://acme/app/prod-signing'],
};
const ALONE =
  '-: the rule relies on the token of the job alone, whose audience other services accept too: what they get, they could send here';

const check = (changes: Conditions = {}, isAddressBound = false, hasConnector = false) => {
  const conditions = Object.entries({ ...GOOD, ...changes }).flatMap(([claim, condition]) =>
    condition === undefined ? [] : [{ claim, operator: condition[0], expected: condition[1] }],
  );
  return checkAzureRule({ conditions, hasConnector, isAddressBound }).map(
    ({ claim, message }) => `${claim ?? '-'}: ${message}`,
  );
};

describe('an allow rule for Azure Pipelines', () => {
  it('loads with pipeline, ref and a second proof of any kind', () => {
    expect(check()).toEqual([]);
    const without: Conditions = { 'azure.service_connection': undefined };
    expect(check({ ...without, 'azure.service_connection_id': ['in', ['a', 'b']] })).toEqual([]);
    expect(check({ ...without, 'certificate.authority': ['is', 'build-nodes'] })).toEqual([]);
  });

  it.each([
    ['azure.service_connection', ['glob', '**']],
    ['azure.service_connection', ['glob', 'sc://acme/app/*']],
    ['azure.service_connection', ['absent', false]],
    ['azure.service_connection_id', ['absent', false]],
    ['azure.service_connection_issuer', ['is', 'https://login.microsoftonline.com/x/v2.0']],
    ['azure.service_connection_organization', ['is', '0ca3ddd9-f0b0-4635-a98c-5866526961b6']],
    ['certificate.authority', ['absent', false]],
    ['certificate.subject', ['is', 'CN=agent']],
  ] as const)('does not count %s %j as a second proof', (claim, condition) => {
    expect(check({ 'azure.service_connection': undefined, [claim]: condition })).toEqual([ALONE]);
  });

  it('does not load without a second proof, wherever calls come from and whatever the API says', () => {
    expect(check({ 'azure.service_connection': undefined }, true, true)).toEqual([ALONE]);
  });

  it.each([undefined, ['glob', '4*'], ['absent', false]] as const)('does not count the pipeline %j', (condition) => {
    expect(check({ 'azure.def_id': condition })).toEqual(['-: the rule does not name the pipeline']);
  });

  it.each([
    ['is', 'refs/pull/17/merge', 'pull request refs'],
    ['in', ['refs/heads/main', 'refs/pull/1/merge'], 'pull request refs'],
    ['glob', 'refs/**', 'more than branches and tags'],
    ['glob', '**', 'more than branches and tags'],
    ['is', 'main', 'not a full ref'],
  ])('does not take the ref %s %j', (operator, expected, message) => {
    expect(check({ 'azure.rpo_ref': [operator, expected] })).toEqual([expect.stringContaining(message)]);
  });

  it('says everything that is wrong at once', () => {
    const nothing = Object.fromEntries(Object.keys(GOOD).map((claim) => [claim, undefined]));
    expect(check(nothing)).toEqual([
      '-: the rule does not name the pipeline',
      '-: the rule does not say which refs it allows',
      ALONE,
    ]);
  });
});
