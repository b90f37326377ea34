import { readTrustFile } from '@originsign/core/client/small-file';
import { decodeBase64 } from '@originsign/core/encoding/base64';
import { isOriginSignError } from '@originsign/core/errors/error';
import { trustFingerprint, type TrustFile } from '@originsign/core/protocol/trust-file';
import { parseCertificate } from '@originsign/core/x509/certificate';
import { isValidAt } from '@originsign/core/verify/validity';
import { pathOf } from '../files.ts';
import type { Host } from '../host.ts';
import { timeText } from '../ui.ts';
import { failed, type Finding } from './finding.ts';

const MONTH = 30 * 86_400_000;
const UPDATE = 'originsign trust update takes a newer one';

/** Whether a trust file can be read, is of this server, and still names keys that are in use. */
export async function checkTrust(text: string, server: string, host: Host): Promise<readonly Finding[]> {
  try {
    const trust = await readTrustFile(pathOf(host, text));
    return [summary(trust, server), ...keyFindings(trust, host.now()), ...rootFindings(trust, host.now())];
  } catch (error) {
    if (!isOriginSignError(error)) throw error;
    return [failed('trust', error)];
  }
}

function summary(trust: TrustFile, server: string): Finding {
  const name = 'trust';
  const text = `serial ${trust.serial}, ${trustFingerprint(trust)}`;
  if (trust.server !== server) {
    return { state: 'warn', name, text: `it is of ${trust.server}`, hint: 'give the trust file of this server' };
  }
  if (trust.trial !== true) return { state: 'ok', name, text };
  return { state: 'warn', name, text: `${text}, of a trial store`, hint: 'verify takes it with --trial alone' };
}

function keyFindings(trust: TrustFile, now: Date): readonly Finding[] {
  const kinds = [
    ['log', trust.logs.flatMap(({ keys }) => keys)],
    ['provenance', trust.provenanceKeys],
  ] as const;
  return kinds
    .filter(([, keys]) => !keys.some((key) => isValidAt(key, now)))
    .map(([kind]) => {
      return { state: 'warn', name: 'trust', text: `no ${kind} key in it counts today`, hint: UPDATE } as const;
    });
}

function rootFindings(trust: TrustFile, now: Date): readonly Finding[] {
  return [...trust.signingRoots, ...trust.timestampRoots].flatMap(({ certificate }): Finding[] => {
    const { subjectText, notAfter } = parseCertificate(decodeBase64(certificate));
    const text = `the root ${subjectText} ends ${timeText(notAfter)}`;
    return notAfter.getTime() - now.getTime() < MONTH ? [{ state: 'warn', name: 'trust', text, hint: UPDATE }] : [];
  });
}
