import { parseVerifierKey, type NoteKey } from '../log/note-key.ts';
import { openNote, parseNote } from '../log/signed-note.ts';
import { OriginSignError } from '../errors/error.ts';
import { formatTrustFile, parseTrustFile, trustFingerprint, type TrustFile } from '../protocol/trust-file.ts';
import { isValidAt } from './validity.ts';

/**
 * The first trust file, from a server's signed note: believed only because its fingerprint is the one that a person read on the
 * server's host. Throws `trust.fingerprint`, `trust.malformed`, `note.malformed`, or `note.signature` where no log key of the
 * file itself signed it.
 */
export function firstTrust(note: Uint8Array, fingerprint: string): TrustFile {
  const { text } = parseNote(note);
  const trust = parseCanonicalTrust(text);
  if (trustFingerprint(trust) !== fingerprint) {
    throw new OriginSignError('trust.fingerprint', 'The server offers a trust file with another fingerprint.');
  }
  openNote(
    note,
    trust.logs.flatMap(({ keys }) => keys.map(({ vkey }) => parseVerifierKey(vkey))),
  );
  return trust;
}

/**
 * A newer trust file, believed because a log key that the present one pins for this time signed it. Gives back the present
 * one where the server offers the same. Throws `trust.not_newer` where no pinned key signed it or its serial is not larger,
 * `trust.malformed`, `note.malformed`, and `trial.forbidden` where a trial store would turn into a production one.
 */
export function newerTrust(note: Uint8Array, present: TrustFile, now: Date): TrustFile {
  const { text } = parseNote(note);
  if (text === formatTrustFile(present)) return present;
  verifyPinnedSignature(note, present, now);
  const offered = parseCanonicalTrust(text);
  if (offered.trial !== present.trial) {
    // Whoever runs a trial store could otherwise shed the mark that makes people look twice.
    throw new OriginSignError('trial.forbidden', 'The offered trust file changes between trial and production.');
  }
  if (offered.serial <= present.serial) {
    throw new OriginSignError(
      'trust.not_newer',
      `The server offers serial ${offered.serial}; ${present.serial} is pinned.`,
      {
        details: { offered: offered.serial, pinned: present.serial },
      },
    );
  }
  return offered;
}

function verifyPinnedSignature(note: Uint8Array, present: TrustFile, now: Date): void {
  const pinned: NoteKey[] = present.logs
    .flatMap(({ keys }) => keys)
    .filter((key) => isValidAt(key, now))
    .map(({ vkey }) => parseVerifierKey(vkey));
  try {
    openNote(note, pinned);
  } catch (cause) {
    throw new OriginSignError('trust.not_newer', 'No log key of the pinned trust file signed the offered one.', {
      hint: 'if the log key was replaced, export the trust file again and compare its fingerprint on the server',
      cause,
    });
  }
}

/** The note must carry the one text of its trust file: two spellings would have two fingerprints. */
function parseCanonicalTrust(text: string): TrustFile {
  const trust = parseTrustFile(text);
  if (formatTrustFile(trust) === text) return trust;
  throw new OriginSignError('trust.malformed', 'The offered trust file is not in its canonical form.');
}
