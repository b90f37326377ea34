import { symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { utf8 } from '../../encoding/bytes.ts';
import { SECTION_AT } from '../../formats/authenticode-pe/synthetic-pe.test.fixture.ts';
import { filesFailure } from './files-report.ts';
import {
  archive,
  createSignedFolder,
  EXPECTED,
  filesOf,
  outcomes,
  program,
  SIGNED_AT,
  signer,
  unsignedProgram,
  type SignedFolder,
} from './signed-folder.test.fixture.ts';

const NO_SIGNATURE = 'no signature, and of no format that holds one';
const UNSIGNED = 'unsigned, could be signed as authenticode-pe';
let folder: SignedFolder;

beforeEach(async () => {
  folder = await createSignedFolder();
  await folder.write({
    ...filesOf('out/bin/app.exe', program, 'out'),
    ...filesOf('out/app.tgz', archive, 'out'),
    'out/readme.txt': 'read me',
  });
});
afterEach(() => folder.remove());

const verify = async (...call: Parameters<SignedFolder['verify']>) => {
  const report = await folder.verify(...call);
  return { verified: report.verified, files: outcomes(report, folder.root), code: filesFailure(report)?.code };
};

describe('a folder', () => {
  const recursive = { recursive: true };
  const strict = { recursive: true, requireSigned: true };

  test('verifies with all that is signed in it, by proofs that lie above the files, and lists the rest', async () => {
    const files = ['out/app.tgz: verified', 'out/bin/app.exe: verified', `out/readme.txt: ${NO_SIGNATURE}`];
    for (const change of [recursive, strict]) {
      expect(await verify(['out'], change)).toEqual({ verified: true, files, code: undefined });
    }
    expect(await verify(['.'], strict)).toMatchObject({ verified: true, files });
    expect(await verify([join(folder.root, 'out', '/')], strict)).toMatchObject({ verified: true, files });
  });

  test('is refused where nobody asked for folders', async () => {
    await expect(folder.verify(['out'])).rejects.toMatchObject({ code: 'input.file' });
  });

  test('with an unsigned program verifies only where not everything has to be signed', async () => {
    await folder.write({ 'out/bin/plugins/tool.dll': unsignedProgram });
    expect(await verify(['out'], recursive)).toMatchObject({
      verified: true,
      files: expect.arrayContaining([`out/bin/plugins/tool.dll: ${UNSIGNED}`]) as unknown,
    });
    expect(await verify(['out'], strict)).toMatchObject({
      verified: false,
      files: expect.arrayContaining(['out/bin/plugins/tool.dll: verify.unsigned']) as unknown,
      code: 'verify.unsigned',
    });
    expect(await verify(['out', '!out/**/plugins'], strict)).toMatchObject({ verified: true });
  });

  test.each(['out/readme.txt.p7s', 'out/originsign-AAAAAAAAAAAA.tlog-proof', 'out/app.tgz.sig'])(
    'does not pass over a program that calls itself %s',
    async (name) => {
      await folder.write({ [name]: unsignedProgram });
      const { verified, files } = await verify(['out'], strict);
      expect(verified).toBe(false);
      expect(files).toContain(`${name}: verify.unsigned`);
    },
  );

  test('fails with a changed program and a changed archive, whatever has to be signed', async () => {
    const last = program.file.length - 1;
    await folder.write({
      'out/bin/app.exe': program.file.map((byte, index) => (index === SECTION_AT ? byte ^ 1 : byte)),
      'out/bin/cut.exe': program.file.subarray(0, last - 100),
      'out/app.tgz': 'another archive',
    });
    expect(await verify(['out'], recursive)).toMatchObject({
      verified: false,
      files: [
        'out/app.tgz: verify.digest',
        'out/bin/app.exe: verify.digest',
        'out/bin/cut.exe: verify.signature',
        `out/readme.txt: ${NO_SIGNATURE}`,
      ],
    });
  });

  test('in which nothing is signed is not verified', async () => {
    await folder.write({ 'none/readme.txt': 'read me', 'none/tool.dll': unsignedProgram });
    expect(await verify(['none'], recursive)).toEqual({
      verified: false,
      files: [`none/readme.txt: ${NO_SIGNATURE}`, `none/tool.dll: ${UNSIGNED}`],
      code: 'verify.unsigned',
    });
  });

  test('that does not exist or is empty is an input error', async () => {
    await expect(folder.verify(['no'], recursive)).rejects.toMatchObject({ code: 'input.no_files' });
    await folder.write({ 'empty/x': '' });
    await unlink(join(folder.root, 'empty/x'));
    await expect(folder.verify(['empty'], recursive)).rejects.toMatchObject({ code: 'input.no_files' });
  });

  test('beside named files: those must verify, and count once', async () => {
    await folder.write({ 'more/readme.txt': 'read me' });
    expect(await verify(['out', 'out/readme.txt', 'out/app.tgz'], recursive)).toMatchObject({
      verified: false,
      files: ['out/app.tgz: verified', 'out/bin/app.exe: verified', 'out/readme.txt: verify.unsigned'],
    });
  });

  test('counts only the signatures of the format that was asked for', async () => {
    expect(await verify(['out'], { ...recursive, format: 'cms-detached' })).toMatchObject({
      verified: true,
      files: ['out/app.tgz: verified', `out/bin/app.exe: ${UNSIGNED}`, `out/readme.txt: ${NO_SIGNATURE}`],
    });
    expect(await verify(['out'], { ...strict, format: 'cms-detached' })).toMatchObject({ verified: false });
  });
});

describe('a symbolic link', () => {
  test('that a pattern matches or names is refused', async () => {
    await symlink('app.tgz', join(folder.root, 'out/link.tgz'));
    await expect(folder.verify(['out/*.tgz'])).rejects.toMatchObject({ code: 'input.file' });
    await expect(folder.verify(['out/link.tgz'])).rejects.toMatchObject({ code: 'input.file' });
    await symlink('out', join(folder.root, 'current'));
    await expect(folder.verify(['current'], { recursive: true })).rejects.toMatchObject({ code: 'input.file' });
  });

  test.each([
    ['to a file outside', '../other/tool.exe', false],
    ['to a folder outside', '../other', false],
    ['to the folder above', '..', false],
    ['to nothing', 'gone', false],
    ['to a file inside', 'app.tgz', true],
    ['to a folder inside', 'bin', true],
  ])('in a folder %s is listed, and refused where it leads out and everything has to be signed', async (...row) => {
    const [, target, staysInside] = row;
    await folder.write({ 'other/tool.exe': unsignedProgram });
    await symlink(target, join(folder.root, 'out/link'));
    const lax = await folder.verify(['out'], { recursive: true });
    expect(lax.skipped.find(({ path }) => path.endsWith('/link'))?.reason).toMatch(/^a symbolic link /);
    expect(lax.verified).toBe(true);
    const strict = await folder.verify(['out'], { recursive: true, requireSigned: true });
    expect(strict.verified).toBe(staysInside);
    expect(filesFailure(strict)?.code).toBe(staysInside ? undefined : 'verify.unsigned');
  });
});

describe('files', () => {
  test('that a pattern matches must all be signed', async () => {
    expect(await verify(['out/*'])).toEqual({
      verified: false,
      files: ['out/app.tgz: verified', 'out/readme.txt: verify.unsigned'],
      code: 'verify.unsigned',
    });
  });

  test('are not their signatures: one that is named alone is an unsigned file', async () => {
    expect(await verify(['out/app.tgz', 'out/app.tgz.p7s'])).toMatchObject({ files: ['out/app.tgz: verified'] });
    expect(await verify(['out/*.p7s'])).toMatchObject({ files: ['out/app.tgz.p7s: verify.unsigned'] });
  });

  test('are verified by proofs at the folder that their patterns share', async () => {
    expect(await verify(['out/**/*.{exe,tgz}'])).toMatchObject({ verified: true });
    expect(await verify(['out/bin/app.exe'])).toMatchObject({ verified: false, code: 'verify.receipt_missing' });
  });

  test('are verified by proofs that are named, and by no others', async () => {
    await folder.write({ 'proofs/r': program.receipt, 'proofs/p': program.provenance });
    const named = { receipts: ['proofs/r'], provenances: [join(folder.root, 'proofs/p')] };
    expect(await verify(['out/bin/app.exe'], named)).toMatchObject({ verified: true });
    expect(await verify(['out/app.tgz'], named)).toMatchObject({ code: 'verify.not_in_receipt' });
    await expect(folder.verify(['out/app.tgz'], { receipts: ['no'] })).rejects.toMatchObject({ code: 'input.file' });
  });

  test('stay valid after the certificate of their publisher expired, by their timestamps alone', async () => {
    const decadeLater = new Date('2036-11-22T09:14:03Z');
    expect(await verify(['out'], { recursive: true }, decadeLater)).toMatchObject({ verified: true });
    const options = { format: 'cms-detached', time: SIGNED_AT, timestamp: false };
    const bare = await signer.sign('bare.tgz', utf8('bare'), options);
    await folder.write(filesOf('bare/bare.tgz', bare, 'bare'));
    expect(await verify(['bare/*'], {}, SIGNED_AT)).toMatchObject({ verified: true });
    expect(await verify(['bare/*'], {}, decadeLater)).toMatchObject({ verified: false, code: 'verify.certificate' });
  });

  test('fail against what was not expected, and warn of patterns that match nothing', async () => {
    const expected = { ...EXPECTED, project: 'other' };
    expect(await verify(['out/*.tgz', 'out/*.zip'], { expected })).toMatchObject({ code: 'verify.expectation' });
    expect(folder.warnings).toEqual(['The pattern "out/*.zip" matches no file.']);
  });

  test.each([
    [{ format: 'tar' }, 'format.unknown'],
    [{ expected: { ...EXPECTED, ref: '[v]' } }, 'input.invalid'],
  ])('with %j is an input error', async (change, code) => {
    await expect(folder.verify(['out/app.tgz'], change)).rejects.toMatchObject({ code });
  });
});
