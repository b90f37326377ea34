import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const LICENSE_FILE = /^(?:licen[cs]e|copying|notice)(?:[-.].*)?$/i;

interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/**
 * The licence texts of all packages that these files come from, sorted by name. Throws an `Error` for a package that names no
 * licence: shipping it would be shipping something that nobody may ship.
 */
export async function collectLicenses(repository: string, files: readonly string[]): Promise<string> {
  const folders = [...new Set(files.map(packageFolder))].filter((folder) => folder !== undefined);
  const sections = await Promise.all(folders.map((folder) => section(join(repository, folder))));
  return sections.sort((left, right) => (left < right ? -1 : 1)).join('\n');
}

/** Folder of the innermost package under `node_modules`. */
function packageFolder(file: string): string | undefined {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
}

async function section(folder: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as PackageManifest;
  const { name, version, license } = manifest;
  if (license === undefined) throw new Error(`The package ${name} names no licence.`);
  const names = (await readdir(folder)).filter((file) => LICENSE_FILE.test(file)).sort();
  const texts = await Promise.all(names.map((file) => readFile(join(folder, file), 'utf8')));
  const body = texts.map((text) => text.replace(/\r\n?/g, '\n').trim()).join('\n\n');
  return `${name} ${version} (${license})\n\n${body}\n\n${'-'.repeat(80)}\n`;
}
