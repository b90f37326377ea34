import { codeOf, refusalOf } from '@originsign/testkit/error-code';
import { describe, expect, it } from 'vitest';
import { type ClaimSchema, parseStringClaims } from './claim-schema.ts';

const schema = (name: string, type: ClaimSchema['type'], rest: Partial<ClaimSchema> = {}): ClaimSchema => ({
  name,
  type,
  required: false,
  userControlled: false,
  description: 'A claim.',
  ...rest,
});
const SCHEMAS = [
  schema('id', 'string', { required: true, spelling: 'digits' }),
  schema('text', 'string'),
  schema('flag', 'boolean'),
  schema('count', 'integer'),
  schema('sha', 'string', { spelling: 'commit' }),
  schema('repository', 'string', { spelling: 'repository' }),
];
const parse = (payload: unknown) => parseStringClaims(payload, 'ci', SCHEMAS);

describe('claims that are sent as strings', () => {
  it('become typed values under the prefix', () => {
    expect(parse({ id: '0', text: 'x', flag: 'true', count: '12', sha: 'a'.repeat(40), repository: 'o.-_/n' })).toEqual(
      {
        'ci.id': '0',
        'ci.text': 'x',
        'ci.flag': true,
        'ci.count': 12,
        'ci.sha': 'a'.repeat(40),
        'ci.repository': 'o.-_/n',
      },
    );
    expect(parse({ id: '1', flag: 'false' })['ci.flag']).toBe(false);
  });

  it('are absent where they are empty or not there, whatever the prototype has', () => {
    expect(parse({ id: '1', text: '' })).toEqual({ 'ci.id': '1' });
    expect(codeOf(() => parse(Object.create({ id: '1' })))).toBe('token.claim_missing');
  });

  it('are left out where nobody has described them', () => {
    expect(parse({ id: '1', other: 'x', iss: 'y' })).toEqual({ 'ci.id': '1' });
  });

  it.each([
    ['a boolean for a boolean', { flag: true }],
    ['TRUE', { flag: 'TRUE' }],
    ['True', { flag: 'True' }],
    ['1 for a boolean', { flag: '1' }],
    ['yes', { flag: 'yes' }],
    ['a space after true', { flag: 'true ' }],
    ['a number for an integer', { count: 2 }],
    ['a leading zero', { count: '02' }],
    ['a sign', { count: '+2' }],
    ['a negative integer', { count: '-2' }],
    ['a fraction', { count: '2.0' }],
    ['an exponent', { count: '2e3' }],
    ['hexadecimal', { count: '0x2' }],
    ['other digits', { count: '٢' }],
    ['an integer that loses precision', { count: '9007199254740993' }],
    ['a number for text', { text: 5 }],
    ['null', { text: null }],
    ['a list', { text: ['x'] }],
    ['an object', { text: { x: 'y' } }],
    ['a line break', { text: 'a\nb' }],
    ['an escape character', { text: 'a\u001b[2J' }],
    ['very long text', { text: 'x'.repeat(4097) }],
    ['an id that is a name', { id: 'acme' }],
    ['an id with a leading zero', { id: '007' }],
    ['a short commit', { sha: 'abc1234' }],
    ['an upper-case commit', { sha: 'A'.repeat(40) }],
    ['a repository without owner', { repository: 'app' }],
    ['a repository that climbs', { repository: 'a/../b' }],
  ])('are refused: %s', (_, claims) => {
    expect(codeOf(() => parse({ id: '1', ...claims }))).toBe('token.claim_type');
  });

  it.each([null, [], 'x', 1, undefined])('are refused where the payload is %s', (payload) => {
    expect(codeOf(() => parse(payload))).toBe('token.claim_type');
  });

  it.each([{}, { id: '' }, { id: undefined }])('are refused where a required one is missing: %j', (payload) => {
    expect(codeOf(() => parse(payload))).toBe('token.claim_missing');
  });

  it('name the claim and never the value in a refusal', async () => {
    const error = await refusalOf(() => parse({ id: '1', flag: 'secret-value' }));
    expect(error.details).toEqual({ claim: 'flag' });
    expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain('secret-value');
  });
});
