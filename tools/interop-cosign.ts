import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isJsonObject, parseStrictJson } from '@originsign/core/encoding/strict-json';
import { runChild } from '@originsign/testkit/child';
import { pem } from '@originsign/testkit/pem';
import { TestSigner } from '@originsign/testkit/test-signer';
import { windowsExecutable } from '@originsign/testkit/windows-executables';

/*
 * By hand: whether cosign takes our provenance. `COSIGN` names the program, else it is looked for on the path; Go builds one with
 * `go install github.com/sigstore/cosign/v3/cmd/cosign@latest`. Without it everything is skipped, and says so.
 */

/** One run of cosign. Arguments after those that are the same for all. */
interface Case {
  readonly what: string;
  readonly accepted: boolean;
  readonly bundle: string;
  readonly file: string;
  /** False for formats with an embedded signature: their digest is none of the whole file, which cosign would compare. */
  readonly checksClaims?: boolean;
}

const CASES: readonly Case[] = [
  { what: 'provenance of an archive', accepted: true, bundle: 'archive.json', file: 'app.tgz' },
  { what: 'provenance of a program', accepted: true, bundle: 'program.json', file: 'app.exe', checksClaims: false },
  { what: 'provenance of an archive, for another file', accepted: false, bundle: 'archive.json', file: 'app.exe' },
  {
    what: 'provenance of a program, with its digest compared',
    accepted: false,
    bundle: 'program.json',
    file: 'app.exe',
  },
  { what: 'one bit of the payload flipped', accepted: false, bundle: 'payload.json', file: 'app.tgz' },
  { what: 'one bit of the signature flipped', accepted: false, bundle: 'signature.json', file: 'app.tgz' },
  { what: 'signed by another key', accepted: false, bundle: 'stranger.json', file: 'app.tgz' },
];

const cosign = process.env['COSIGN'] ?? 'cosign';
const folder = await mkdtemp(join(tmpdir(), 'originsign-cosign-'));
try {
  await run();
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function run(): Promise<void> {
  const version = await runChild(cosign, ['version', '--json']).catch(() => undefined);
  if (version?.status !== 0) {
    console.log(`cosign is not at hand\n0 passed, 0 failed, ${CASES.length} skipped`);
    return;
  }
  console.log(`cosign ${/"gitVersion":\s*"([^"]+)"/.exec(version.stdout)?.[1] ?? 'of an unknown version'}`);
  await writeCases();
  let failed = 0;
  for (const one of CASES) {
    const { status, stderr } = await verify(one);
    const isRight = (status === 0) === one.accepted;
    failed += isRight ? 0 : 1;
    const said = stderr.trim().split('\n').at(-1) ?? '';
    console.log(`${isRight ? 'passed' : 'failed'}  ${status === 0 ? 'accepts' : 'refuses'}  ${one.what}  (${said})`);
  }
  console.log(`${CASES.length - failed} passed, ${failed} failed, 0 skipped`);
  process.exitCode = failed > 0 ? 1 : 0;
}

function verify({ bundle, file, checksClaims = true }: Case) {
  const given = ['--key', 'key.pem', '--type', 'slsaprovenance1', '--bundle', bundle, `--check-claims=${checksClaims}`];
  // Our proof of inclusion is a file of its own and of our log, not of a public one.
  const words = ['verify-blob-attestation', '--insecure-ignore-tlog=true', ...given, file];
  return runChild(cosign, words, { cwd: folder, env: { PATH: process.env['PATH'], HOME: folder } });
}

async function writeCases(): Promise<void> {
  const signer = new TestSigner();
  const time = new Date();
  const archive = await signer.sign('app.tgz', new TextEncoder().encode('an archive'), {
    format: 'cms-detached',
    time,
  });
  const image = new Uint8Array(await readFile(await windowsExecutable('clipboard')));
  const program = await signer.sign('app.exe', image, { format: 'authenticode-pe', time });
  const theirs = await new TestSigner().sign('app.tgz', archive.file, { format: 'cms-detached', time });
  const files = {
    'key.pem': pem('PUBLIC KEY', signer.provenanceKey.spki),
    'app.tgz': archive.file,
    'app.exe': program.file,
    'archive.json': archive.provenance,
    'program.json': program.provenance,
    'stranger.json': theirs.provenance,
    'payload.json': flipped(archive.provenance, 'payload'),
    'signature.json': flipped(archive.provenance, 'sig'),
  };
  for (const [name, contents] of Object.entries(files)) await writeFile(join(folder, name), contents);
}

/** The bundle with one bit in the middle of a base64 member flipped. */
function flipped(bundle: Uint8Array, member: string): string {
  const text = new TextDecoder().decode(bundle);
  const changed = text.replace(new RegExp(`(?<="${member}":")[^"]+`), (value) => {
    const bytes = Buffer.from(value, 'base64');
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    return bytes.toString('base64');
  });
  if (changed === text || !isJsonObject(parseStrictJson(changed))) throw new Error(`The bundle has no ${member}.`);
  return changed;
}
