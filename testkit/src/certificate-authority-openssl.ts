import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What `openssl` shall write into the certificate of a node. */
export interface OpensslNode {
  /** `/O=Acme/OU=Build Nodes/CN=build-07` where left out. */
  readonly subject?: string;
  /** Lines of an extension section, beside those of a node; `[template]` and `[other]` are there to refer to. */
  readonly extensions?: string;
  /** Lines instead of those of a node. */
  readonly profile?: string;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

/** Certificate and key of a node, PEM. */
export interface OpensslCertificate {
  readonly cert: string;
  readonly key: string;
  readonly path: string;
}

/** An authority that is nothing but `openssl ca` in a folder of its own. */
export interface OpensslAuthority {
  /** PEM of its root. */
  readonly certificate: string;
  issue(node?: OpensslNode): Promise<OpensslCertificate>;
  revoke(certificate: OpensslCertificate): Promise<void>;
  /** PEM of its list of now, or of this time; for a day. */
  revocationList(thisUpdate?: Date): Promise<string>;
}

/** Object identifier of Microsoft's certificate template in `[template]`, whose versions are 100 and 7. */
export const TEMPLATE_ID = '1.3.6.1.4.1.311.21.8.12098447.6180393.14634415.5193281.15236209.141.7654321.1234567';

/** Extension lines of a node with Microsoft's template, of version 2 and by name. */
export const MICROSOFT_EXTENSIONS = [
  '1.3.6.1.4.1.311.21.7 = ASN1:SEQUENCE:template',
  '1.3.6.1.4.1.311.20.2 = ASN1:BMPSTRING:Machine',
].join('\n');

const NODE_PROFILE = `basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = clientAuth
subjectAltName = DNS:build-07.acme.example
`;

const CONFIG = `[ca]
default_ca = nodes
[nodes]
database = index.txt
new_certs_dir = .
certificate = ca.pem
private_key = ca.key
crlnumber = crlnumber
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
default_days = 30
default_crl_days = 1
crl_extensions = list
[any]
countryName = optional
organizationName = optional
organizationalUnitName = optional
commonName = optional
emailAddress = optional
[list]
authorityKeyIdentifier = keyid
[req]
distinguished_name = none
[none]
[root]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[template]
id = OID:${TEMPLATE_ID}
major = INTEGER:100
minor = INTEGER:7
[other]
id = OID:1.3.6.1.4.1.311.21.8.1
major = INTEGER:100
minor = INTEGER:0
`;

const HOUR = 3_600_000;

/** Makes an authority in a folder, which must not exist yet. */
export async function makeOpensslAuthority(
  folder: string,
  subject = '/O=Acme/CN=Acme Nodes CA',
): Promise<OpensslAuthority> {
  await mkdir(folder, { recursive: true });
  const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
  const openssl = (...args: readonly string[]) => run('openssl', args, { cwd: folder });
  await Promise.all([write('ca.cnf', CONFIG), write('index.txt', ''), write('crlnumber', '01\n')]);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const root = ['-x509', '-extensions', 'root', '-days', '30', '-keyout', 'ca.key', '-out', 'ca.pem'];
  await openssl('req', '-config', 'ca.cnf', ...root, ...key, '-subj', subject);
  let count = 0;
  return {
    certificate: await readFile(join(folder, 'ca.pem'), 'utf8'),
    issue: async (node = {}) => {
      const name = `node-${(count += 1)}`;
      await write(`${name}.ext`, extensionFile(node));
      const asked = ['-subj', node.subject ?? '/O=Acme/OU=Build Nodes/CN=build-07', '-utf8'];
      await openssl('req', '-config', 'ca.cnf', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, ...asked);
      const files = ['-extfile', `${name}.ext`, '-in', `${name}.csr`, '-out', `${name}.pem`];
      await openssl('ca', '-config', 'ca.cnf', '-batch', '-notext', ...files, ...validity(node));
      const read = (extension: string): Promise<string> => readFile(join(folder, name + extension), 'utf8');
      return { cert: await read('.pem'), key: await read('.key'), path: join(folder, `${name}.pem`) };
    },
    revoke: async ({ path }) => {
      await openssl('ca', '-config', 'ca.cnf', '-revoke', path, '-crl_reason', 'keyCompromise');
    },
    revocationList: async (thisUpdate) => {
      const end = new Date((thisUpdate?.getTime() ?? 0) + 24 * HOUR);
      const dates =
        thisUpdate === undefined
          ? []
          : ['-crl_lastupdate', opensslTime(thisUpdate), '-crl_nextupdate', opensslTime(end)];
      const { stdout } = await openssl('ca', '-config', 'ca.cnf', '-gencrl', ...dates);
      return stdout;
    },
  };
}

function extensionFile({ profile = NODE_PROFILE, extensions = '' }: OpensslNode): string {
  const sections = CONFIG.slice(CONFIG.indexOf('[template]'));
  return `extensions = node\n[node]\n${profile}\n${extensions}\n${sections}`;
}

function validity({ notBefore, notAfter }: OpensslNode): readonly string[] {
  const start = notBefore === undefined ? [] : ['-startdate', opensslTime(notBefore)];
  return notAfter === undefined ? start : [...start, '-enddate', opensslTime(notAfter)];
}

function opensslTime(time: Date): string {
  return `${time
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replace(/[-:T]/g, '')}Z`;
}
