import { testOneUseKey } from './one-use-key.test.fixture.ts';
import { SIGNING_REQUEST_TYPE, STATEMENT_TYPE, type SigningRequestStatement } from './statement.ts';

/** A one-use key for tests: its private half is needed where requests are signed. */
export const ONE_USE_KEY = testOneUseKey();

/** 64 hexadecimal characters. */
export const digest = (character: string): string => character.repeat(64);

/** A statement with two artifacts, one of which is signed over another digest than the file's. */
export const STATEMENT: SigningRequestStatement = {
  subjects: [
    { name: 'dist/app.exe', coveredDigest: { algorithm: 'authenticodeSha256', value: digest('a') } },
    { name: 'dist/app.tar.gz', coveredDigest: { algorithm: 'sha256', value: digest('b') } },
  ],
  server: 'https://sign.acme.example',
  project: 'acme-app',
  policy: 'release',
  key: ONE_USE_KEY.jwk,
  artifacts: [
    { format: 'authenticode-pe', inputs: { image: 'x' }, options: {}, claimed: { sha256: digest('c'), size: 10 } },
    { format: 'raw', inputs: {}, options: { note: true }, claimed: { sha256: digest('b'), size: 0 } },
  ],
  description: 'Release 1.4.0\nwith two lines',
  parameters: { channel: 'stable' },
};

/** Parts of a statement document that tests change. */
export interface StatementDocument {
  _type: unknown;
  subject: { name: unknown; digest: Record<string, unknown> }[];
  predicateType: unknown;
  predicate: {
    key: Record<string, unknown>;
    artifacts: { format: unknown; inputs: unknown; options: unknown; claimed: Record<string, unknown> }[];
    parameters: Record<string, unknown>;
    [member: string]: unknown;
  };
  [member: string]: unknown;
}

/** The statement as a plain document, to be changed and written out. */
export function statementDocument(): StatementDocument {
  return structuredClone({
    _type: STATEMENT_TYPE,
    subject: STATEMENT.subjects.map(({ name, coveredDigest: { algorithm, value } }) => ({
      name,
      digest: { [algorithm]: value },
    })),
    predicateType: SIGNING_REQUEST_TYPE,
    predicate: {
      server: STATEMENT.server,
      project: STATEMENT.project,
      policy: STATEMENT.policy,
      key: { ...STATEMENT.key },
      artifacts: STATEMENT.artifacts.map((artifact) => ({ ...artifact, claimed: { ...artifact.claimed } })),
      parameters: { ...STATEMENT.parameters },
    },
  });
}
