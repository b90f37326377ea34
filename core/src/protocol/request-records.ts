import { digestMap } from '../attestation/covered-digest.ts';
import type { SigningRequestStatement } from '../attestation/statement.ts';
import { utf8 } from '../encoding/bytes.ts';
import { canonicalJson } from '../encoding/canonical-json.ts';
import { sha256Hex } from '../encoding/sha256.ts';
import type { RequestRecord } from '../log/records.ts';

/** What a REQUEST entry and every approval commit to: names, covered digests, and all that the client said about the files. */
export function requestRecords(statement: SigningRequestStatement): readonly RequestRecord[] {
  return statement.subjects.map(({ name, coveredDigest }, position) => {
    const artifact = statement.artifacts[position];
    if (artifact === undefined) throw new TypeError('A subject without an artifact.');
    return {
      position,
      name,
      format: artifact.format,
      coveredDigest: digestMap(coveredDigest),
      inputsSha256: sha256Hex(utf8(canonicalJson(artifact.inputs))),
      optionsSha256: sha256Hex(utf8(canonicalJson(artifact.options))),
      claimed: artifact.claimed,
    };
  });
}
