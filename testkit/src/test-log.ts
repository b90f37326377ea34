import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { encodeBase64url } from '@originsign/core/encoding/base64';
import { utf8 } from '@originsign/core/encoding/bytes';
import { encodeHex } from '@originsign/core/encoding/hex';
import { sha256, sha256Hex } from '@originsign/core/encoding/sha256';
import { formatCheckpoint } from '@originsign/core/log/checkpoint';
import { encodeEntry } from '@originsign/core/log/entries';
import type { LogEntryBody } from '@originsign/core/log/entry-bodies';
import { encodeEntryBundle } from '@originsign/core/log/entry-bundle';
import { frontierOf } from '@originsign/core/log/frontier';
import { leafHash, nodeHash } from '@originsign/core/log/merkle-hash';
import { proveInclusion } from '@originsign/core/log/merkle-proof';
import { formatVerifierKey, noteKey, type NoteAlgorithm } from '@originsign/core/log/note-key';
import { formatReceipt } from '@originsign/core/log/receipt';
import { recordList, type ArtifactRecord } from '@originsign/core/log/records';
import { signNote, type NoteSigner } from '@originsign/core/log/signed-note';
import { leavesPerHash, tilePath, tilesOfTree, tileWidthAt } from '@originsign/core/log/tile-paths';
import { rootAtSize, type NodeReader } from '@originsign/core/log/tree-nodes';
import type { TrustedLog } from '@originsign/core/log/trusted-log';

/** A key pair that signs notes in this process, as an HSM would. */
export function testNoteSigner(name: string, algorithm: NoteAlgorithm = 'ed25519'): NoteSigner {
  const { privateKey, publicKey } =
    algorithm === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));
  return {
    key: noteKey(name, spki),
    sign: (text) => Promise.resolve(new Uint8Array(sign(algorithm === 'ed25519' ? null : 'sha256', text, privateKey))),
  };
}

/** The nodes of a tree in memory, computed straight from the definition. */
export function memoryNodes(leaves: readonly Uint8Array[]): NodeReader {
  const node = (level: number, index: number): Uint8Array => {
    if (level > 0) return nodeHash(node(level - 1, index * 2), node(level - 1, index * 2 + 1));
    const leaf = leaves[index];
    if (leaf === undefined) throw new RangeError(`There is no leaf ${index}.`);
    return leaf;
  };
  return (places) => Promise.resolve(places.map(({ level, index }) => node(level, index)));
}

/** A whole log in memory, honest unless a test changes its files. */
export class TestLog {
  readonly origin: string;
  readonly signer: NoteSigner;
  readonly entries: Uint8Array[] = [];
  readonly records: ArtifactRecord[][] = [];

  constructor(algorithm: NoteAlgorithm = 'ed25519', origin = 'sign.acme.example/log') {
    this.origin = origin;
    this.signer = testNoteSigner(origin, algorithm);
  }

  /** The log as a trust file states it. */
  get trusted(): TrustedLog {
    const vkey = formatVerifierKey(this.signer.key);
    return { origin: this.origin, keys: [{ vkey, validFrom: '2026-01-01T00:00:00.000Z', fromSize: 0 }] };
  }

  leaves(): Uint8Array[] {
    return this.entries.map(leafHash);
  }

  /** Appends one entry and gives back its index. */
  add(body: LogEntryBody, time = new Date('2026-11-22T09:14:03.000Z')): number {
    return this.entries.push(encodeEntry(body, time, new Uint8Array(randomBytes(16)))) - 1;
  }

  /** Appends REQUEST, INTENT and RESULT of a request and gives back the index of the RESULT. */
  addRequest(name: string, artifacts = 1): number {
    const requestId = encodeBase64url(sha256(utf8(name)));
    const subjects = Array.from({ length: artifacts }, (_, position) => testSubject(name, position));
    const list = { count: artifacts, root: sha256Hex(utf8(`list of ${name}`)) };
    this.add({ ...REQUEST, requestId, payloadSha256: sha256Hex(utf8(name)), artifacts: list });
    const lease = { replica: 'a', until: '2026-11-22T09:20:00.000Z' };
    const index = this.add({ type: 'INTENT', requestId, attempt: 1, lease, artifacts: list });
    const leaf = encodeHex(leafHash(this.entries[index] as Uint8Array));
    const records = subjects.map((subject) => ({ ...subject, signatureSha256: sha256Hex(utf8(subject.name)) }));
    const result = this.add({
      type: 'RESULT',
      requestId,
      intent: { index, leaf },
      artifacts: recordList(records),
      provenanceSha256: sha256Hex(utf8(`provenance of ${name}`)),
    });
    this.records[result] = records;
    return result;
  }

  async checkpoint(size = this.entries.length): Promise<string> {
    const root = await rootAtSize(memoryNodes(this.leaves()), size);
    return signNote(formatCheckpoint({ origin: this.origin, size, root }), [this.signer]);
  }

  /** Receipt of a RESULT entry in the checkpoint of a size. */
  async receipt(index: number, size = this.entries.length): Promise<string> {
    const proof = await proveInclusion(memoryNodes(this.leaves()), index, size);
    const entry = this.entries[index] as Uint8Array;
    const records = this.records[index] as ArtifactRecord[];
    return formatReceipt({ entry, records, index, proof, checkpoint: await this.checkpoint(size) });
  }

  /** Every file of the log at a size, by path below its prefix. */
  async files(size = this.entries.length): Promise<Map<string, Uint8Array>> {
    const files = new Map<string, Uint8Array>([['checkpoint', utf8(await this.checkpoint(size))]]);
    const leaves = this.leaves().slice(0, size);
    for (const name of tilesOfTree(size)) {
      const span = leavesPerHash(name.level);
      const hashes = Array.from({ length: name.width }, (_, at) => {
        const begin = (name.index * 256 + at) * span;
        return frontierOf(leaves.slice(begin, begin + span)).hashes[0] as Uint8Array;
      });
      files.set(tilePath(name), new Uint8Array(Buffer.concat(hashes)));
    }
    for (let index = 0; tileWidthAt('entries', index, size) > 0; index += 1) {
      const width = tileWidthAt('entries', index, size);
      const bundle = encodeEntryBundle(this.entries.slice(index * 256, index * 256 + width));
      files.set(tilePath({ level: 'entries', index, width }), bundle);
    }
    return files;
  }
}

function testSubject(name: string, position: number): Omit<ArtifactRecord, 'signatureSha256'> {
  return {
    position,
    name: `${name}-${position}.exe`,
    format: 'authenticode-pe',
    coveredDigest: { authenticodeSha256: sha256Hex(utf8(`${name} ${position}`)) },
    key: { label: 'acme-2026', spkiSha256: sha256Hex(utf8('acme-2026')) },
  };
}

/** A REQUEST as a tag push on GitHub makes it; tests put their own id and artifacts in. */
export const REQUEST = {
  type: 'REQUEST',
  requestId: encodeBase64url(sha256(utf8('a request'))),
  project: 'acme-app',
  policy: 'release',
  policyHash: sha256Hex(utf8('policy')),
  rule: 'tag-build',
  binding: 'audience',
  system: 'github',
  origin: {
    platform: 'github-actions',
    system: 'github',
    repository: { uri: 'https://github.com/acme/app', id: '771245825', ownerId: '145685596' },
    commit: '9f31c2e0c1f1b1d1a1e1f1a1b1c1d1e1f1a1b1c1',
    ref: 'refs/tags/v1.4.0',
    workflow: {
      uri: 'https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1.4.0',
      path: '.github/workflows/release.yml',
      ref: 'refs/tags/v1.4.0',
    },
    run: { id: '30433642', attempt: 1, uri: 'https://github.com/acme/app/actions/runs/30433642/attempts/1' },
    trigger: 'push',
    runner: 'github-hosted',
  },
  tokens: [{ sha256: sha256Hex(utf8('token')), keySet: sha256Hex(utf8('key set')) }],
  payloadSha256: sha256Hex(utf8('payload')),
  traceSha256: sha256Hex(utf8('trace')),
  artifacts: { count: 1, root: sha256Hex(utf8('records')) },
} as const satisfies LogEntryBody;
