import { ensureNativeAddons } from '@originsign/testkit/native-addons';
import { ensureTools, type ToolName } from '@originsign/testkit/tools';

/** Everything that end-to-end tests run beside our own code. */
const TOOLS: readonly ToolName[] = [
  'softhsm2-util',
  'osslsigncode',
  'openssl',
  'pkcs11-tool',
  'sbverify',
  'groovy',
  'ssh-keygen',
  'gcab',
  'cabextract',
  'minisign',
  'modinfo',
];

const report = (line: string): void => {
  console.log(line);
};

try {
  ensureTools(TOOLS, report);
  ensureNativeAddons(report);
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
