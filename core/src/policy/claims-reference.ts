import type { ClaimSchema } from '../platforms/claim-schema.ts';
import { CERTIFICATE_CLAIMS } from '../platforms/client-certificate.ts';
import type { Platform } from '../platforms/platform.ts';
import { ARTIFACT_SUBJECTS } from './artifact-rules.ts';
import { ORIGIN_CLAIMS } from './claims.ts';
import { OPERATORS, operatorsFor, type SubjectType } from './operators.ts';

/** The reference page on claims and operators, Markdown. */
export function renderClaimsReference(platforms: Iterable<Platform>): string {
  const sections = [
    '# Claims and operators',
    'Generated from the claim schemas. A claim is *always* there, or a condition on it fails where it is missing (only ' +
      '`absent: true` holds then). Claims marked *by the user* are chosen by whoever starts a run: a rule on them alone ' +
      'does not load.',
    '## Operators',
    operatorTable(),
    ...[...platforms].flatMap((platform) => [`## ${platform.type}`, ...platformSection(platform)]),
    '## Client certificates',
    'Of a client certificate that was verified under the authority that a trusted build system of the type ' +
      '`client-certificate` names. A rule on any of them must name `certificate.authority`.',
    claimsTable('certificate', CERTIFICATE_CLAIMS),
    '## Every platform',
    claimsTable('origin', ORIGIN_CLAIMS),
    '## Artifacts',
    'Under `artifacts` of a rule. An allow rule wants every artifact to meet the conditions; a deny rule holds where one does.',
    artifactTable(),
  ];
  return `${sections.join('\n\n')}\n`;
}

function platformSection(platform: Platform): readonly string[] {
  const unusable = Object.entries(platform.unusableClaims).map(
    ([name, why]) => `- \`${platform.prefix}.${name}\`: ${why}`,
  );
  const claims = claimsTable(platform.prefix, platform.claims);
  return unusable.length === 0 ? [claims] : [claims, 'Not usable in policies:', unusable.join('\n')];
}

function claimsTable(prefix: string, claims: readonly ClaimSchema[]): string {
  const rows = claims.map((schema) => [
    `\`${prefix}.${schema.name}\``,
    schema.type,
    schema.required ? 'always' : '',
    schema.userControlled ? 'by the user' : '',
    describe(schema),
  ]);
  return table(['claim', 'type', 'there', 'chosen', 'meaning'], rows);
}

const SOURCES: Readonly<Record<string, string>> = {
  connection: ' In the token of the service connection.',
  connector: ' From the API of the platform: needs `connector: true`.',
};

function describe(schema: ClaimSchema): string {
  const values = schema.values !== undefined && schema.values.length <= 5 ? ` One of ${code(schema.values)}.` : '';
  const derived = schema.derivedFrom === undefined ? '' : ` Derived from the token's \`${schema.derivedFrom}\`.`;
  const source = schema.source === undefined ? '' : (SOURCES[schema.source] ?? '');
  return `${schema.description}${values}${derived}${source}`;
}

function operatorTable(): string {
  const rows = Object.entries(OPERATORS).map(([operator, { types, meaning }]) => [
    `\`${operator}\``,
    types.join(', '),
    meaning,
  ]);
  return table(['operator', 'for', 'holds where the value'], rows);
}

function artifactTable(): string {
  const operators = (type: SubjectType): string => code(operatorsFor(type).filter((operator) => operator !== 'absent'));
  const rows = Object.values(ARTIFACT_SUBJECTS).map((subject) => [
    `\`${subject.name.slice('artifacts.'.length)}\``,
    operators(subject.type),
    subject.description,
  ]);
  return table(['key', 'operators', 'meaning'], [...rows, ['`count`', '`is`, `gte`, `lte`', 'Number of artifacts.']]);
}

const code = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(', ');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
