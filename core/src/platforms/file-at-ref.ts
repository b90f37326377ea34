import { claimType } from './claim-schema.ts';

const REF = /^(?:refs\/.+|[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * Splits `<file>@<full ref or commit>`. Files and refs may contain `@` themselves, so the split counts only where both sides
 * have the shape that the platform gives them, and only where no other split fits too: whatever an attacker calls a file or a
 * branch, the true split is among those that fit. Throws `token.claim_type` where none or several do.
 */
export function splitFileAtRef<File extends object>(
  text: string,
  claim: string,
  fileOf: (text: string) => File | undefined,
): File & { readonly ref: string } {
  const fitting: (File & { readonly ref: string })[] = [];
  for (let at = text.lastIndexOf('@'); at > 0; at = text.lastIndexOf('@', at - 1)) {
    const ref = text.slice(at + 1);
    const file = fileOf(text.slice(0, at));
    if (file !== undefined && REF.test(ref)) fitting.push({ ...file, ref });
  }
  const [only] = fitting;
  if (only === undefined || fitting.length > 1) {
    throw claimType(claim, 'a workflow file, "@" and a full ref or commit');
  }
  return only;
}
