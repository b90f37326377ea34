import { CODE_TABLE, type CodeEntry } from '@originsign/core/errors/codes';

const FAMILIES: Readonly<Record<string, string>> = {
  encoding: 'Bytes and documents',
  der: 'Bytes and documents',
  json: 'Bytes and documents',
  input: 'What a person typed',
  config: 'What a person typed',
  request: 'The signing request',
  envelope: 'The signing request',
  statement: 'The signing request',
  access: 'Roles',
  token: 'Tokens and issuers',
  issuer: 'Tokens and issuers',
  project: 'Policy',
  policy: 'Policy',
  format: 'Formats',
  key: 'Keys, HSM and timestamps',
  hsm: 'Keys, HSM and timestamps',
  timestamp: 'Keys, HSM and timestamps',
  log: 'Log, store and trial mode',
  store: 'Log, store and trial mode',
  trial: 'Log, store and trial mode',
  verify: 'Verification',
  note: 'Verification',
  proof: 'Verification',
  trust: 'Verification',
  egress: 'Network',
  server: 'Network',
  internal: 'Network',
};

const INTRODUCTION = `# Error codes

Every error of OriginSign has one of these codes. Over HTTP it is the member \`code\` of an RFC 9457 problem; the command and the
CI wrappers print it in brackets. A code never changes its meaning. *Status* is the HTTP status, *exit* the exit status of a
command: 1 verification failed, 2 input, 3 denied, 4 waiting or timeout, 5 upstream. *Retry* marks errors after which the same call
may succeed later without a change.`;

/** The reference of all error codes, Markdown. */
export function renderErrorReference(codes: Readonly<Record<string, CodeEntry>> = CODE_TABLE): string {
  const sections = new Map<string, string[]>();
  for (const [code, entry] of Object.entries(codes)) {
    const family = FAMILIES[code.slice(0, code.indexOf('.'))] ?? 'Other';
    sections.set(family, [...(sections.get(family) ?? []), row(code, entry)]);
  }
  const tables = [...sections].map(([family, rows]) => `## ${family}\n\n${HEAD}\n${rows.join('\n')}`);
  return `${[INTRODUCTION, ...tables].join('\n\n')}\n`;
}

const HEAD = '| code | status | exit | retry | meaning | what to do |\n| --- | --- | --- | --- | --- | --- |';

function row(code: string, entry: CodeEntry): string {
  const cells = [`\`${code}\``, entry.status, entry.exit, entry.retryable ? 'yes' : '', entry.title, entry.hint ?? ''];
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
}
