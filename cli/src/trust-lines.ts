import { trustFingerprint, type TrustFile } from '@originsign/core/protocol/trust-file';
import { row } from './ui.ts';

/** What a trust file is, in lines: `word` says what was done with it. */
export function trustLines(word: string, path: string, trust: TrustFile): string[] {
  return [
    row(word, path, `serial ${trust.serial}`, trust.trial === true ? 'trial' : undefined),
    row('pinned', trustFingerprint(trust)),
    row('server', trust.server),
    ...trust.logs.map(({ origin, keys }) => row('log', origin, `${keys.length} ${keys.length === 1 ? 'key' : 'keys'}`)),
  ];
}
