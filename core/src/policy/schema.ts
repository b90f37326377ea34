import type { Json } from '../encoding/canonical-json.ts';
import { FIXTURES } from '../platforms/fixtures/fixtures.ts';
import type { Platform } from '../platforms/platform.ts';
import { PLATFORMS } from '../platforms/platforms.ts';
import { STATIC_TOKEN } from '../platforms/static-token.ts';
import { ARTIFACT_SUBJECTS } from './artifact-rules.ts';
import { AUTHORITY_KEYS, REVOCATION_KEYS } from './certificate-authorities.ts';
import { claimTable } from './claims.ts';
import { APPROVAL_KEYS, LIMIT_KEYS, MAX_LIMIT } from './demands.ts';
import { PROJECT_KEYS, REPOSITORY_KEYS } from './parse.ts';
import { POLICY_KEYS } from './policy-section.ts';
import { type Keys, NAME } from './reader.ts';
import { subjectTypeOf } from './operators.ts';
import { ALLOW_KEYS, DENY_KEYS } from './rules.ts';
import { conditionSchema } from './schema-conditions.ts';
import { STATIC_SYSTEM_KEYS, STATIC_TOKEN_KEYS } from './static-systems.ts';
import { SYSTEM_KEYS } from './systems.ts';
import { CLIENT_CERTIFICATE_TYPE } from './trusted-build-system.ts';
import { ARTIFACT_KEYS, EXPECT_KEYS, GIVEN_KEYS, TEST_KEYS } from './test-section.ts';

type Schema = { readonly [key: string]: Json };

const TEXT: Schema = { type: 'string', minLength: 1 };
const NAMED: Schema = { type: 'string', pattern: NAME.source };
const DESCRIPTION: Schema = { type: 'string', minLength: 1, maxLength: 1000 };
const PRINCIPALS: Schema = { type: 'array', minItems: 1, items: { type: 'string', pattern: '^(group|user):' } };
const VERSION: Schema = { const: 1 };
const BOOLEAN: Schema = { type: 'boolean' };

/**
 * JSON Schema (2020-12) of project files, for editors. It is made from the tables that the loader uses, and accepts a little
 * more: what depends on other keys or files only the loader checks.
 */
export function projectFileSchema(platforms: Iterable<Platform> = Object.values(PLATFORMS)): Json {
  const when = whenSchema([...platforms]);
  const rules = {
    id: NAMED,
    description: DESCRIPTION,
    system: NAMED,
    when,
    anyOf: listOf(when),
    artifacts: artifactsSchema(),
  };
  const demands = {
    limits: mapping(LIMIT_KEYS, { perRun: limitSchema(), perHour: limitSchema() }),
    approvals: mapping(APPROVAL_KEYS, {
      count: { type: 'integer', minimum: 1, maximum: 10 },
      from: PRINCIPALS,
      expiresAfter: { type: 'string', pattern: '^[1-9][0-9]{0,5}[smh]$' },
      unknownRequester: { enum: ['refuse', 'allow'] },
    }),
    timestamp: { enum: ['required', 'best-effort'] },
    reRuns: { enum: ['deny', 'allow'] },
  };
  const policy = mapping(POLICY_KEYS, {
    description: DESCRIPTION,
    keys: { type: 'object', minProperties: 1, propertyNames: NAMED, additionalProperties: NAMED },
    allow: listOf(mapping(ALLOW_KEYS, { ...rules, ...demands })),
    deny: listOf(mapping(DENY_KEYS, rules)),
    programName: { type: 'string', minLength: 1, maxLength: 200 },
    programUrl: { type: 'string', format: 'uri', maxLength: 500 },
  });
  const project = mapping(PROJECT_KEYS, {
    version: VERSION,
    project: NAMED,
    description: DESCRIPTION,
    owners: PRINCIPALS,
    trustedBuildSystems: listOf(NAMED),
    repositories: listOf(mapping(REPOSITORY_KEYS, { system: NAMED, id: TEXT, ownerId: TEXT })),
    policies: { type: 'object', minProperties: 1, propertyNames: NAMED, additionalProperties: policy },
    tests: listOf(testSchema()),
  });
  return { ...HEADER, $id: 'https://originsign.dev/schemas/project.v1.json', title: 'OriginSign project', ...project };
}

/** JSON Schema (2020-12) of the files under `trusted-build-systems/`. */
export function systemFileSchema(): Json {
  const system = mapping(SYSTEM_KEYS, {
    version: VERSION,
    id: NAMED,
    type: { enum: Object.keys(PLATFORMS).filter((type) => type !== STATIC_TOKEN.type) },
    description: DESCRIPTION,
    issuer: { type: 'string', format: 'uri' },
    jwksUri: { type: 'string', format: 'uri' },
    keysFile: TEXT,
    allowPrivateAddress: BOOLEAN,
    maxTokenAge: { type: 'string', pattern: '^[1-9][0-9]{0,5}[smh]$' },
    serverUrl: { type: 'string', format: 'uri' },
    serviceConnectionIssuer: { type: 'string', format: 'uri' },
    connector: BOOLEAN,
    addresses: listOf(TEXT),
  });
  const $id = 'https://originsign.dev/schemas/trusted-build-system.v1.json';
  return {
    ...HEADER,
    $id,
    title: 'OriginSign trusted build system',
    anyOf: [system, staticSchema(), authoritySchema()],
  };
}

function staticSchema(): Schema {
  const token = mapping(STATIC_TOKEN_KEYS, {
    name: NAMED,
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
    project: NAMED,
    expires: { type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' },
  });
  return mapping(STATIC_SYSTEM_KEYS, {
    version: VERSION,
    id: NAMED,
    type: { const: STATIC_TOKEN.type },
    description: DESCRIPTION,
    addresses: listOf(TEXT),
    tokens: listOf(token),
  });
}

function authoritySchema(): Schema {
  const revocation = mapping(REVOCATION_KEYS, {
    crl: listOf({ type: 'string', format: 'uri' }),
    files: listOf(TEXT),
    none: TEXT,
  });
  return mapping(AUTHORITY_KEYS, {
    version: VERSION,
    id: NAMED,
    type: { const: CLIENT_CERTIFICATE_TYPE },
    description: DESCRIPTION,
    authorities: TEXT,
    revocation,
    allowPrivateAddress: BOOLEAN,
  });
}

const HEADER: Schema = { $schema: 'https://json-schema.org/draft/2020-12/schema' };

function mapping(keys: Keys, properties: Readonly<Record<string, Json>>): Schema {
  const named = [...keys.required, ...keys.optional].map((key) => {
    const schema = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (schema === undefined) throw new TypeError(`The schema has nothing for the key ${key}.`);
    return [key, schema] as const;
  });
  const required = keys.required.length === 0 ? {} : { required: keys.required };
  return { type: 'object', additionalProperties: false, ...required, properties: Object.fromEntries(named) };
}

function listOf(items: Json): Schema {
  return { type: 'array', minItems: 1, items };
}

function limitSchema(): Schema {
  return { type: 'integer', minimum: 1, maximum: MAX_LIMIT };
}

function whenSchema(platforms: readonly Platform[]): Schema {
  const claims = [...claimTable(platforms)].map(([name, schema]) => {
    return [
      name,
      { description: schema.description, ...conditionSchema({ name, type: subjectTypeOf(schema.type), schema }) },
    ] as const;
  });
  const time = ['time', conditionSchema({ name: 'time', type: 'time' })] as const;
  return {
    type: 'object',
    minProperties: 1,
    additionalProperties: false,
    properties: Object.fromEntries([...claims, time]),
  };
}

function artifactsSchema(): Schema {
  const each = Object.entries(ARTIFACT_SUBJECTS).map(([key, subject]) => {
    return [key, { description: subject.description, ...conditionSchema(subject) }] as const;
  });
  const count = ['count', conditionSchema({ name: 'count', type: 'number' })] as const;
  return {
    type: 'object',
    minProperties: 1,
    additionalProperties: false,
    properties: Object.fromEntries([...each, count]),
  };
}

function testSchema(): Schema {
  const artifact = mapping(ARTIFACT_KEYS, { name: TEXT, format: NAMED, size: { type: ['integer', 'string'] } });
  const given = mapping(GIVEN_KEYS, {
    fixture: { enum: [...FIXTURES.keys()] },
    system: NAMED,
    set: { type: 'object', additionalProperties: { type: ['string', 'integer', 'boolean'] } },
    unset: listOf(TEXT),
    artifacts: listOf(artifact),
    time: TEXT,
  });
  const expect = mapping(EXPECT_KEYS, {
    policy: NAMED,
    decision: { enum: ['allow', 'deny'] },
    rule: NAMED,
    failed: listOf(TEXT),
  });
  return mapping(TEST_KEYS, { name: { type: 'string', minLength: 1, maxLength: 200 }, given, expect });
}
