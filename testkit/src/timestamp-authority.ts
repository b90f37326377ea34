import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { derInteger, derSequence, Tag } from '@originsign/core/encoding/der';
import { readDer, sequenceCursor, unsignedBytes } from '@originsign/core/encoding/der-reader';
import { encodeTimestampRequest, TIMESTAMP_REPLY } from '@originsign/core/x509/timestamp-protocol';
import { pem } from './pem.ts';
import { makeTestAuthority, makeTestKey } from './test-authority.ts';

const run = promisify(execFile);

/** How the authority answers. `silent` takes the request and never answers. */
export type TimestampMode = 'good' | 'error' | 'refused' | 'wrong-nonce' | 'wrong-imprint' | 'garbage' | 'silent';

/** A running RFC 3161 authority. */
export interface TimestampAuthority {
  readonly url: string;
  /** Root certificate, DER, and a PEM file with it. */
  readonly root: Uint8Array;
  readonly rootFile: string;
  /** The authority's own certificate, DER. */
  readonly certificate: Uint8Array;
  /** May be changed at any time. */
  mode: TimestampMode;
  /** Requests seen so far. */
  readonly requests: number;
  /** Answers a DER TimeStampReq without HTTP. */
  answer(query: Uint8Array): Promise<Uint8Array>;
  stop(): Promise<void>;
}

/** Starts an authority on loopback whose answers come from `openssl ts`; needs the tool `openssl`. */
export async function startTimestampAuthority(mode: TimestampMode = 'good'): Promise<TimestampAuthority> {
  const folder = await mkdtemp(join(tmpdir(), 'originsign-tsa-'));
  const certificates = await writeFiles(folder);
  const authority = new OpensslAuthority(folder, certificates, mode);
  await authority.listen();
  return authority;
}

interface Certificates {
  readonly root: Uint8Array;
  readonly authority: Uint8Array;
}

class OpensslAuthority implements TimestampAuthority {
  readonly root: Uint8Array;
  readonly rootFile: string;
  readonly certificate: Uint8Array;
  mode: TimestampMode;
  requests = 0;
  readonly #folder: string;
  readonly #server: Server;
  /** The serial file of `openssl ts` has no lock. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(folder: string, certificates: Certificates, mode: TimestampMode) {
    this.#folder = folder;
    this.root = certificates.root;
    this.certificate = certificates.authority;
    this.rootFile = join(folder, 'root.pem');
    this.mode = mode;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.#queue.catch(() => undefined);
    await rm(this.#folder, { recursive: true, force: true });
  }

  answer(query: Uint8Array): Promise<Uint8Array> {
    const answer = this.#queue.catch(() => undefined).then(() => reply(this.#folder, query));
    this.#queue = answer;
    return answer;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests += 1;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (this.mode === 'silent') return;
    try {
      const body = await this.#body(Buffer.concat(chunks));
      response.writeHead(200, { 'content-type': TIMESTAMP_REPLY }).end(body);
    } catch {
      response.writeHead(500).end('the authority is out of order');
    }
  }

  async #body(query: Uint8Array): Promise<Uint8Array> {
    switch (this.mode) {
      case 'error':
        throw new Error('as asked');
      case 'refused':
        return derSequence(derSequence(derInteger(2)));
      case 'garbage':
        return randomBytes(200);
      case 'wrong-nonce':
        return this.answer(encodeTimestampRequest(readQuery(query).digest, randomBytes(8)));
      case 'wrong-imprint':
        return this.answer(encodeTimestampRequest(randomBytes(32), readQuery(query).nonce));
      default:
        return this.answer(query);
    }
  }
}

function readQuery(query: Uint8Array): { digest: Uint8Array; nonce: Uint8Array } {
  const parts = sequenceCursor(readDer(query));
  parts.take();
  const imprint = sequenceCursor(parts.take());
  imprint.take();
  const digest = imprint.take(Tag.octetString).contents;
  const nonce = unsignedBytes(parts.take(Tag.integer));
  // The request is read back with its leading zeros gone.
  return { digest, nonce: Buffer.concat([new Uint8Array(Math.max(0, 8 - nonce.length)), nonce]) };
}

async function reply(folder: string, query: Uint8Array): Promise<Uint8Array> {
  const [queryFile, replyFile] = [join(folder, 'query.tsq'), join(folder, 'reply.tsr')];
  await writeFile(queryFile, query);
  await run('openssl', ['ts', '-reply', '-config', 'tsa.cnf', '-queryfile', queryFile, '-out', replyFile], {
    cwd: folder,
  });
  return readFile(replyFile);
}

const CONFIGURATION = `
[tsa]
default_tsa = authority
[authority]
serial = serial
signer_cert = authority.pem
certs = root.pem
signer_key = authority.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
`;

async function writeFiles(folder: string): Promise<Certificates> {
  const root = makeTestAuthority(makeTestKey('p-256'), { subject: [{ type: 'CN', value: 'Test Timestamp Root' }] });
  const { key, certificate } = root.timestamping(makeTestKey('p-256'));
  await writeFile(join(folder, 'root.pem'), pem('CERTIFICATE', root.certificate));
  await writeFile(join(folder, 'authority.pem'), pem('CERTIFICATE', certificate));
  await writeFile(join(folder, 'authority.key'), key.privateKey.export({ format: 'pem', type: 'pkcs8' }));
  await writeFile(join(folder, 'serial'), '01\n');
  await writeFile(join(folder, 'tsa.cnf'), CONFIGURATION);
  return { root: root.certificate, authority: certificate };
}
