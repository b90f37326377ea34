/** Rooms of the core, lowest first. Imports run downwards; rooms of one line do not know each other. */
const CORE_LAYERS: readonly (readonly string[])[] = [
  ['errors'],
  ['encoding'],
  ['attestation', 'platforms', 'log', 'x509'],
  ['protocol'],
  ['formats'],
  ['policy'],
  ['verify'],
  ['client'],
  ['agent'],
];

/** Rooms of the server, lowest first; `main` is the file that starts it. */
const SERVER_LAYERS: readonly (readonly string[])[] = [
  ['config', 'store', 'egress', 'identity', 'connectors', 'hsm', 'log', 'timestamp'],
  ['app'],
  ['http', 'console', 'cli'],
  ['main'],
];

/** Rooms of the core that have effects. All others are pure. */
export const CORE_ROOMS_WITH_EFFECTS: ReadonlySet<string> = new Set(['client', 'agent']);

/** Packages of the repository and those whose modules they may import. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  core: [],
  cli: ['core'],
  actions: ['core'],
  'azure-task': ['core'],
  'jenkins-shim': ['core'],
  'signer-server': ['core'],
  testkit: ['core'],
  examples: ['core', 'testkit'],
  tools: ['core', 'testkit', 'cli', 'actions'],
};

/** Packages that offer commands and no modules; whoever may import them does so by path. */
export const COMMANDS: ReadonlySet<string> = new Set(['cli', 'actions']);

/** Folders beside the packages. */
export const OTHER_FOLDERS: readonly string[] = ['.ci', '.github', 'docs'];

/** Scope of the packages' names. */
export const SCOPE = '@originsign/';

/** Where a module stands. */
export interface Place {
  readonly package: string;
  /** First folder below `src` (`main` for `signer-server/src/main.ts`); empty where a package has no rooms. */
  readonly room: string;
}

/** Place of a file, or undefined where it is in no package. */
export function placeOf(path: string): Place | undefined {
  const [folder = '', second, third, ...rest] = path.split('/');
  if (!Object.hasOwn(PACKAGES, folder) || second === undefined) return undefined;
  if (layersOf(folder) === undefined) return { package: folder, room: '' };
  if (second !== 'src' || third === undefined) return { package: folder, room: '' };
  if (rest.length > 0) return { package: folder, room: third };
  return { package: folder, room: folder === 'signer-server' && third === 'main.ts' ? 'main' : '' };
}

/** Layers of a package that has rooms. */
export function layersOf(name: string): readonly (readonly string[])[] | undefined {
  if (name === 'core') return CORE_LAYERS;
  return name === 'signer-server' ? SERVER_LAYERS : undefined;
}

/** Height of a room in its package, or -1 where there is no such room. */
export function levelOf(place: Place): number {
  return (layersOf(place.package) ?? []).findIndex((rooms) => rooms.includes(place.room));
}
