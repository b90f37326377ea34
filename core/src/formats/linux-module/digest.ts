import { createHash } from 'node:crypto';
import type { CoveredDigest } from '../../attestation/covered-digest.ts';
import type { JsonObject } from '../../encoding/canonical-json.ts';
import type { Digested, Source } from '../format.ts';
import { checkCoveredDigest, checkInputNames } from '../inputs-check.ts';
import { readChunks } from '../source-chunks.ts';
import { checkKernelModule } from './elf.ts';
import { signerCertificate } from './options.ts';
import { readModuleLayout } from './trailer.ts';

/** Client: digest of the module without its signature, and of the file, in one pass. Throws `format.*`, `statement.options`. */
export async function digestModule(source: Source, options: JsonObject): Promise<Digested> {
  signerCertificate(options);
  await checkKernelModule(source);
  const { contentEnd } = await readModuleLayout(source);
  const [module, file] = [createHash('sha256'), createHash('sha256')];
  for await (const { offset, bytes } of readChunks(source)) {
    file.update(bytes);
    if (offset < contentEnd) module.update(bytes.subarray(0, contentEnd - offset));
  }
  return {
    coveredDigest: { algorithm: 'linuxModuleSha256', value: module.digest('hex') },
    inputs: {},
    file: { sha256: file.digest('hex'), size: source.size },
  };
}

/** Server: the digest is all there is to say about a module. Throws `statement.*`. */
export function checkModuleInputs(coveredDigest: CoveredDigest, inputs: JsonObject, options: JsonObject): void {
  checkCoveredDigest(coveredDigest, 'linuxModuleSha256');
  checkInputNames(inputs, []);
  signerCertificate(options);
}
